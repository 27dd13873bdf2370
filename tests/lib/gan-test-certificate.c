/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-test-certificate.h"

#include <glib/gstdio.h>

/* GnuTLS takes no wildcard for a name of two labels, and reading a long list takes longer than the
 * handshake. */
#define DEFAULT_NAMES                                                                              \
  "IP:127.0.0.1,IP:::1,DNS:localhost,DNS:example.test,DNS:other.test,DNS:site.test,"               \
  "DNS:*.site.test,DNS:site1.test,DNS:site2.test,DNS:site3.test,DNS:site4.test"

/* The dates are those of ASN.1: YYMMDDHHMMSSZ. */
#define LONG_AGO "200101000000Z"
#define FAR_OFF "491231235959Z"

static GMutex lock;
static char *folder;
static char *ca_file;
static GTlsDatabase *database;
static GTlsCertificate *cached[GAN_TEST_TLS_CUT + 1];

static const char ca_config[] = "[ca]\n"
                                "default_ca = own\n"
                                "[own]\n"
                                "database = index.txt\n"
                                "new_certs_dir = .\n"
                                "certificate = ca.pem\n"
                                "private_key = ca.key\n"
                                "default_md = sha256\n"
                                "policy = any\n"
                                "unique_subject = no\n"
                                "rand_serial = yes\n"
                                "[any]\n"
                                "commonName = supplied\n";

static void
remove_folder (void)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
}

/* Runs openssl in the folder, with words parted by spaces. */
static void
run_openssl (const char *format, ...)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
      G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr (GSubprocess) process = NULL;
  g_autofree char *line = NULL;
  g_autofree char *errors = NULL;
  g_auto (GStrv) argv = NULL;
  va_list arguments;

  va_start (arguments, format);
  line = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  argv = g_strsplit (line, " ", -1);
  g_subprocess_launcher_set_cwd (launcher, folder);
  process = g_subprocess_launcher_spawnv (launcher, (const char *const *) argv, &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, NULL, &errors, &error);
  g_assert_no_error (error);
  if (!g_subprocess_get_successful (process))
    g_test_message ("%s: %s", line, errors);
  g_assert_true (g_subprocess_get_successful (process));
}

static void
write_file (const char *name, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

static void
ensure_authority (void)
{
  g_autoptr (GError) error = NULL;

  if (folder != NULL)
    return;
  folder = g_dir_make_tmp ("gannet-tls-XXXXXX", &error);
  g_assert_no_error (error);
  atexit (remove_folder);
  write_file ("ca.conf", ca_config);
  write_file ("index.txt", "");
  run_openssl ("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 "
               "-subj /CN=Test-authority -keyout ca.key -out ca.pem");
  ca_file = g_build_filename (folder, "ca.pem", NULL);
  database = g_tls_file_database_new (ca_file, &error);
  g_assert_no_error (error);
}

static GTlsCertificate *
load (const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *pem = g_strdup_printf ("%s/%s.pem", folder, name);
  g_autofree char *key = g_strdup_printf ("%s/%s.key", folder, name);
  GTlsCertificate *certificate = g_tls_certificate_new_from_files (pem, key, &error);

  g_assert_no_error (error);
  return certificate;
}

static GTlsCertificate *
make_signed (const char *name, const char *alternatives, const char *from, const char *until)
{
  g_autofree char *extensions = g_strdup_printf ("subjectAltName=%s\n", alternatives);

  write_file ("names.conf", extensions);
  run_openssl ("openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes "
               "-subj /CN=Test-server -keyout %s.key -out %s.csr",
               name,
               name);
  run_openssl ("openssl ca -batch -notext -config ca.conf -extfile names.conf -in %s.csr "
               "-out %s.pem -startdate %s -enddate %s",
               name,
               name,
               from,
               until);
  return load (name);
}

static GTlsCertificate *
make_self_signed (void)
{
  run_openssl ("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 "
               "-subj /CN=localhost -addext subjectAltName=IP:127.0.0.1,DNS:localhost "
               "-keyout self.key -out self.pem");
  return load ("self");
}

static GTlsCertificate *
make (GanTestTlsMode mode)
{
  switch (mode)
    {
    case GAN_TEST_TLS_VALID:
      return make_signed ("valid", DEFAULT_NAMES, LONG_AGO, FAR_OFF);
    case GAN_TEST_TLS_EXPIRED:
      return make_signed ("expired", DEFAULT_NAMES, LONG_AGO, "210101000000Z");
    case GAN_TEST_TLS_NOT_YET:
      return make_signed ("not-yet", DEFAULT_NAMES, "481231235959Z", FAR_OFF);
    case GAN_TEST_TLS_WRONG_HOST:
      return make_signed ("wrong", "DNS:nobody.invalid", LONG_AGO, FAR_OFF);
    case GAN_TEST_TLS_SELF_SIGNED:
      return make_self_signed ();
    case GAN_TEST_TLS_NONE:
    case GAN_TEST_TLS_OLD:
    case GAN_TEST_TLS_CUT:
    default:
      return NULL;
    }
}

/**
 * gan_test_certificate_new:
 * @mode: what is to be wrong with it
 *
 * Returns: (transfer full) (nullable): the certificate with its key, %NULL where the mode needs
 * none
 */
GTlsCertificate *
gan_test_certificate_new (GanTestTlsMode mode)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);

  if (mode == GAN_TEST_TLS_NONE)
    return NULL;
  ensure_authority ();
  if (cached[mode] == NULL)
    cached[mode] = make (mode);
  return cached[mode] == NULL ? NULL : g_object_ref (cached[mode]);
}

/**
 * gan_test_certificate_new_for_hosts:
 * @hosts: (array zero-terminated=1): the names that it is for
 *
 * Returns: (transfer full): a certificate of the common authority, with its key
 */
GTlsCertificate *
gan_test_certificate_new_for_hosts (const char *const *hosts)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);
  g_autoptr (GString) names = g_string_new ("IP:127.0.0.1");
  guint i;

  ensure_authority ();
  for (i = 0; hosts[i] != NULL; i++)
    g_string_append_printf (names, ",DNS:%s", hosts[i]);
  return make_signed ("hosts", names->str, LONG_AGO, FAR_OFF);
}

/**
 * gan_test_certificate_get_ca_file:
 *
 * Returns: path of the authority's PEM file
 */
const char *
gan_test_certificate_get_ca_file (void)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);

  ensure_authority ();
  return ca_file;
}

/**
 * gan_test_certificate_get_database:
 *
 * Returns: (transfer none): a database that holds the authority and nothing else
 */
GTlsDatabase *
gan_test_certificate_get_database (void)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);

  ensure_authority ();
  return database;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* glib-networking 2.74 gives each connection that it creates a list of authorities of its own when
 * the database is one of its own kind: with the system's authorities that is 10 to 25 ms of CPU and
 * 4 MB for every connection. A database of another kind it only asks to verify a chain. So this one
 * stands before the real one and hands the question on: signatures, dates, constraints, revocation
 * lists and the host's name are checked by the same code against a list that was read once. What is
 * not looked at this way is a stapled OCSP answer. */
#include "config.h"

#include "gan-trust.h"

struct _GanTrust
{
  GTlsDatabase parent_instance;

  GTlsDatabase *authorities;
};

G_DEFINE_FINAL_TYPE (GanTrust, gan_trust, G_TYPE_TLS_DATABASE)

static GTlsCertificateFlags
gan_trust_verify_chain (GTlsDatabase *database,
                        GTlsCertificate *chain,
                        const char *purpose,
                        GSocketConnectable *identity,
                        GTlsInteraction *interaction,
                        GTlsDatabaseVerifyFlags flags,
                        GCancellable *cancellable,
                        GError **error)
{
  return g_tls_database_verify_chain (GAN_TRUST (database)->authorities,
                                      chain,
                                      purpose,
                                      identity,
                                      interaction,
                                      flags,
                                      cancellable,
                                      error);
}

static void
gan_trust_finalize (GObject *object)
{
  g_object_unref (GAN_TRUST (object)->authorities);
  G_OBJECT_CLASS (gan_trust_parent_class)->finalize (object);
}

static void
gan_trust_class_init (GanTrustClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = gan_trust_finalize;
  G_TLS_DATABASE_CLASS (klass)->verify_chain = gan_trust_verify_chain;
}

static void
gan_trust_init (GanTrust *self)
{
}

static GTlsDatabase *
stand_before (GTlsDatabase *authorities)
{
  GanTrust *self = g_object_new (GAN_TYPE_TRUST, NULL);

  self->authorities = authorities;
  return G_TLS_DATABASE (self);
}

/**
 * gan_trust_new_from_file:
 * @path: a PEM file
 * @error: return location
 *
 * Returns: (transfer full): a database that trusts the authorities in the file and no others, for
 * any number of connections and threads; NULL with an error of GIO
 */
GTlsDatabase *
gan_trust_new_from_file (const char *path, GError **error)
{
  g_autofree char *absolute = NULL;
  GTlsDatabase *authorities = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  absolute = g_canonicalize_filename (path, NULL);
  authorities = g_tls_file_database_new (absolute, error);
  return authorities != NULL ? stand_before (authorities) : NULL;
}

/**
 * gan_trust_ensure_system:
 *
 * Has every connection of the process that names no database of its own, or none yet, share one
 * list of the system's authorities. The first call reads it; any thread may call it.
 */
void
gan_trust_ensure_system (void)
{
  static gsize installed = 0;
  GTlsBackend *backend = g_tls_backend_get_default ();
  GTlsDatabase *authorities = NULL;
  g_autoptr (GTlsDatabase) trust = NULL;

  if (!g_once_init_enter (&installed))
    return;
  authorities = g_tls_backend_get_default_database (backend);
  if (authorities != NULL)
    {
      trust = stand_before (authorities);
      g_tls_backend_set_default_database (backend, trust);
    }
  g_once_init_leave (&installed, 1);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-sites.h"

#include "gan-error.h"
#include "gan-limits.h"
#include "gan-template-private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct _GanSites
{
  GPtrArray *sites;
  GHashTable *hosts;   /* host -> GanSite */
  GHashTable *domains; /* what follows "*." -> GanSite */
};

static void
site_free (gpointer data)
{
  GanSite *site = data;

  gan_rules_unref (site->rules);
  g_free (site);
}

static void
warn (GStrvBuilder *warnings, const char *what, const char *where, const GError *error)
{
  g_autofree char *text = g_strdup_printf ("%s %s: %s", what, where, error->message);

  g_debug ("%s", text);
  g_strv_builder_add (warnings, text);
}

static gboolean
fill (int fd, GByteArray *bytes)
{
  guint8 buffer[16384];
  gssize n;

  do
    {
      n = read (fd, buffer, sizeof buffer);
      if (n > 0)
        g_byte_array_append (bytes, buffer, n);
    }
  while ((n > 0 && bytes->len <= GAN_LIMIT_RULES_BYTES) || (n < 0 && errno == EINTR));
  return n >= 0;
}

/* A plain file, and no more of it than rules may have. NULL without an error: there is none. */
static GBytes *
read_override (const char *path, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  struct stat info;
  gboolean done;

  if (fd < 0)
    {
      if (errno != ENOENT && errno != ENOTDIR)
        gan_error_set (error, GAN_ERROR_DISK, "rules", "%s", g_strerror (errno));
      return NULL;
    }
  done = fstat (fd, &info) == 0 && S_ISREG (info.st_mode) && fill (fd, bytes);
  close (fd);
  if (!done)
    {
      gan_error_set (error, GAN_ERROR_DISK, "rules", "is no file that can be read");
      return NULL;
    }
  if (bytes->len > GAN_LIMIT_RULES_BYTES)
    {
      gan_error_set (error,
                     GAN_ERROR_INVALID_DATA,
                     "rules",
                     "is larger than %d bytes",
                     GAN_LIMIT_RULES_BYTES);
      return NULL;
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

static GanRules *
load_built_in (const char *id, GError **error)
{
  g_autofree char *path = g_strconcat (GAN_SITES_RESOURCE_FOLDER, id, ".json", NULL);
  g_autoptr (GBytes) json = NULL;
  g_autoptr (GanRules) rules = NULL;
  GError *local = NULL;

  json = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, &local);
  if (json == NULL)
    {
      gan_error_set_cause (error, GAN_ERROR_INTERNAL, "rules", local);
      return NULL;
    }
  rules = gan_rules_new (json, error);
  if (rules != NULL && !g_str_equal (gan_rules_get_id (rules), id))
    {
      gan_error_set (error,
                     GAN_ERROR_INVALID_DATA,
                     "rules",
                     "id: is '%s'",
                     gan_rules_get_id (rules));
      return NULL;
    }
  return g_steal_pointer (&rules);
}

/* The user's rules where there are good ones, else those that are compiled in. */
static GanRules *
load_rules (const char *id, const char *override_dir, GStrvBuilder *warnings)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GanRules) built_in = load_built_in (id, &error);
  g_autofree char *name = g_strconcat (id, ".json", NULL);
  g_autofree char *path = NULL;
  g_autoptr (GBytes) json = NULL;
  GanRules *rules = NULL;

  if (built_in == NULL)
    {
      warn (warnings, "built-in rules of", id, error);
      return NULL;
    }
  if (override_dir == NULL)
    return g_steal_pointer (&built_in);
  path = g_build_filename (override_dir, name, NULL);
  json = read_override (path, &error);
  if (json != NULL)
    rules = gan_rules_new_override (built_in, json, &error);
  if (error != NULL)
    warn (warnings, "rules file", path, error);
  return rules != NULL ? rules : g_steal_pointer (&built_in);
}

static void
claim_hosts (GanSites *self, GanSite *site, GStrvBuilder *warnings)
{
  const char *const *hosts = gan_rules_get_hosts (site->rules);

  for (guint i = 0; hosts[i] != NULL; i++)
    {
      gboolean is_domain = g_str_has_prefix (hosts[i], "*.");
      GHashTable *table = is_domain ? self->domains : self->hosts;
      const char *host = is_domain ? hosts[i] + 2 : hosts[i];
      const GanSite *other = g_hash_table_lookup (table, host);

      if (other == NULL)
        g_hash_table_insert (table, (gpointer) host, site);
      else if (other != site)
        {
          g_autofree char *text
              = g_strdup_printf ("host %s: claimed by %s, so not by %s", host, other->id, site->id);

          g_strv_builder_add (warnings, text);
        }
    }
}

/**
 * gan_sites_new:
 * @table: the sites of this build
 * @n_entries: how many
 * @override_dir: (nullable): folder of the user's rules files
 * @warnings: where complaints about rules go, for people
 *
 * A site whose built-in rules are broken is left out, a broken file of the user is not used.
 *
 * Returns: (transfer full): the sites
 */
GanSites *
gan_sites_new (const GanPlatformEntry *table,
               gsize n_entries,
               const char *override_dir,
               GStrvBuilder *warnings)
{
  GanSites *self = g_new0 (GanSites, 1);

  self->sites = g_ptr_array_new_with_free_func (site_free);
  self->hosts = g_hash_table_new (g_str_hash, g_str_equal);
  self->domains = g_hash_table_new (g_str_hash, g_str_equal);
  for (gsize i = 0; i < n_entries; i++)
    {
      GanRules *rules = load_rules (table[i].id, override_dir, warnings);
      GanSite *site;

      if (rules == NULL)
        continue;
      site = g_new0 (GanSite, 1);
      site->rules = rules;
      site->id = gan_rules_get_id (rules);
      site->type = table[i].get_type ();
      g_ptr_array_add (self->sites, site);
      claim_hosts (self, site, warnings);
    }
  return self;
}

/**
 * gan_sites_free:
 * @self: (transfer full) (nullable): sites
 */
void
gan_sites_free (GanSites *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->hosts);
  g_hash_table_unref (self->domains);
  g_ptr_array_unref (self->sites);
  g_free (self);
}

/**
 * gan_sites_get_n:
 * @self: sites
 *
 * Returns: how many there are
 */
guint
gan_sites_get_n (const GanSites *self)
{
  return self->sites->len;
}

/**
 * gan_sites_get:
 * @self: sites
 * @index: from 0, in the order of the table
 *
 * Returns: (transfer none): a site
 */
const GanSite *
gan_sites_get (const GanSites *self, guint index)
{
  return g_ptr_array_index (self->sites, index);
}

/**
 * gan_sites_find_id:
 * @self: sites
 * @id: (nullable): id of a site
 *
 * Returns: (transfer none) (nullable): that site
 */
const GanSite *
gan_sites_find_id (const GanSites *self, const char *id)
{
  for (guint i = 0; i < self->sites->len; i++)
    {
      const GanSite *site = g_ptr_array_index (self->sites, i);

      if (g_strcmp0 (site->id, id) == 0)
        return site;
    }
  return NULL;
}

/**
 * gan_sites_find_host:
 * @self: sites
 * @host: a host in lower case
 *
 * Looks for the host itself, then without its `www.`, `m.` or `mobile.`, then for the domains above
 * it: as many look-ups as it has labels, however many sites there are.
 *
 * Returns: (transfer none) (nullable): the site that claims the host
 */
const GanSite *
gan_sites_find_host (const GanSites *self, const char *host)
{
  const GanSite *site = g_hash_table_lookup (self->hosts, host);
  const char *dot;

  if (site == NULL)
    site = g_hash_table_lookup (self->hosts, gan_template_skip_common_label (host));
  for (dot = strchr (host, '.'); site == NULL && dot != NULL; dot = strchr (dot + 1, '.'))
    site = g_hash_table_lookup (self->domains, dot + 1);
  return site;
}

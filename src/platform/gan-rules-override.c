/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file of the user may narrow what the compiled-in rules allow, never widen it. Endpoints were
 * held against the file's own origins when it was read, and these are held against the built-in
 * ones here: so an endpoint can be mended by file alone, but not lead anywhere else. */
#include "config.h"

#include "gan-rules-private.h"
#include "gan-rules-read.h"

static gboolean
check_identity (GanRules *built_in, GanRules *override, GError **error)
{
  if (!g_str_equal (built_in->id, override->id))
    return gan_rules_fail (error, "id", "is '%s', not '%s'", override->id, built_in->id);
  if (!g_str_equal (built_in->name, override->name))
    return gan_rules_fail (error, "name", "is '%s', not '%s'", override->name, built_in->name);
  if (override->serial <= built_in->serial)
    return gan_rules_fail (error,
                           "serial",
                           "is not higher than the built-in %" G_GINT64_FORMAT,
                           built_in->serial);
  if ((override->capabilities & ~built_in->capabilities) != 0)
    return gan_rules_fail (error, "capabilities", "has more than the built-in ones");
  return TRUE;
}

static gboolean
check_places (GanRules *built_in, GanRules *override, GError **error)
{
  for (guint i = 0; override->hosts[i] != NULL; i++)
    {
      if (!gan_rules_hosts_cover (gan_rules_get_hosts (built_in), override->hosts[i]))
        return gan_rules_fail (error,
                               "hosts",
                               "'%s' is not among the built-in ones",
                               override->hosts[i]);
    }
  if (built_in->origins == NULL)
    return TRUE;
  if (override->origins == NULL)
    return gan_rules_fail (error, "origins", "missing");
  for (guint i = 0; override->origins[i] != NULL; i++)
    {
      if (!gan_rules_origins_cover (gan_rules_get_origins (built_in), override->origins[i]))
        return gan_rules_fail (error,
                               "origins",
                               "'%s' is not among the built-in ones",
                               override->origins[i]);
    }
  return TRUE;
}

static const GanClient *
find_client (GanRules *self, const char *name)
{
  for (guint i = 0; i < self->clients->len; i++)
    {
      const GanClient *client = g_ptr_array_index (self->clients, i);

      if (g_str_equal (client->name, name))
        return client;
    }
  return NULL;
}

static gboolean
check_clients (GanRules *built_in, GanRules *override, GError **error)
{
  for (guint i = 0; i < override->clients->len; i++)
    {
      const GanClient *client = g_ptr_array_index (override->clients, i);
      const GanClient *old = find_client (built_in, client->name);
      gboolean was_crawler = old != NULL && old->crawler;

      if (client->crawler != was_crawler)
        return gan_rules_fail (error,
                               "clients",
                               "crawler of '%s' may not be turned %s",
                               client->name,
                               client->crawler ? "on" : "off");
    }
  for (guint i = 0; i < built_in->clients->len; i++)
    {
      const GanClient *client = g_ptr_array_index (built_in->clients, i);

      if (find_client (override, client->name) == NULL)
        return gan_rules_fail (error, "clients", "'%s' is missing", client->name);
    }
  return TRUE;
}

/* The handler asks for these by name, so each one that it may ask for has to be there. */
static gboolean
check_names (GHashTable *built_in, GHashTable *override, const char *key, GError **error)
{
  GHashTableIter iter;
  gpointer name;

  g_hash_table_iter_init (&iter, built_in);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    {
      if (!g_hash_table_contains (override, name))
        {
          g_autofree char *place = g_strconcat (key, ".", name, NULL);

          return gan_rules_fail (error, place, "missing");
        }
    }
  return TRUE;
}

/* The handler fills no other {name}s than those it knows from the built-in endpoint. */
static gboolean
check_endpoint_values (GanRules *built_in, GanRules *override, GError **error)
{
  GHashTableIter iter;
  gpointer name;
  gpointer pattern;

  g_hash_table_iter_init (&iter, built_in->endpoints);
  while (g_hash_table_iter_next (&iter, &name, &pattern))
    {
      g_auto (GStrv) known = gan_template_dup_names (pattern, NULL);
      g_auto (GStrv) asked
          = gan_template_dup_names (g_hash_table_lookup (override->endpoints, name), NULL);

      for (guint i = 0; asked[i] != NULL; i++)
        {
          if (!g_strv_contains ((const char *const *) known, asked[i]))
            {
              g_autofree char *place = g_strconcat ("endpoints.", name, NULL);

              return gan_rules_fail (error, place, "nobody fills {%s}", asked[i]);
            }
        }
    }
  return TRUE;
}

static gboolean
check_maps_and_data (GanRules *built_in, GanRules *override, GError **error)
{
  g_autoptr (GList) data = built_in->data == NULL ? NULL : json_object_get_members (built_in->data);
  GHashTableIter iter;
  gpointer name;
  gpointer map;

  g_hash_table_iter_init (&iter, built_in->field_maps);
  while (g_hash_table_iter_next (&iter, &name, &map))
    {
      const GanNamedMap *other = g_hash_table_lookup (override->field_maps, name);

      if (other == NULL || other->record_type != ((GanNamedMap *) map)->record_type)
        {
          g_autofree char *place = g_strconcat ("field_maps.", name, NULL);

          return gan_rules_fail (error, place, "missing, or of another record");
        }
    }
  for (GList *l = data; l != NULL; l = l->next)
    {
      if (override->data == NULL || !json_object_has_member (override->data, l->data))
        {
          g_autofree char *place = g_strconcat ("data.", l->data, NULL);

          return gan_rules_fail (error, place, "missing");
        }
    }
  return TRUE;
}

static gboolean
check_har (GStrv built_in, GStrv override, const char *key, GError **error)
{
  for (guint i = 0; override != NULL && override[i] != NULL; i++)
    {
      if (built_in == NULL || !g_strv_contains ((const char *const *) built_in, override[i]))
        return gan_rules_fail (error, key, "'%s' is not among the built-in ones", override[i]);
    }
  return TRUE;
}

/**
 * gan_rules_check_override:
 * @built_in: the rules that are compiled in
 * @override: the rules that are to take their place
 * @error: return location for an error
 *
 * Returns: whether @override is newer, allows nothing that @built_in do not, and has all that the
 *   handler asks for by name; else %GAN_ERROR_INVALID_DATA, reason "rules", with the key
 */
gboolean
gan_rules_check_override (GanRules *built_in, GanRules *override, GError **error)
{
  return check_identity (built_in, override, error) && check_places (built_in, override, error)
         && check_clients (built_in, override, error)
         && check_names (built_in->endpoints, override->endpoints, "endpoints", error)
         && check_endpoint_values (built_in, override, error)
         && check_names (built_in->constants, override->constants, "constants", error)
         && check_maps_and_data (built_in, override, error)
         && check_har (built_in->har_query_keys, override->har_query_keys, "har.query_keys", error)
         && check_har (built_in->har_json_fields,
                       override->har_json_fields,
                       "har.json_fields",
                       error);
}

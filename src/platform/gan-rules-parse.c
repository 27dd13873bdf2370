/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the JSON of a rules file to its members. What is not in the schema (RULES.md) is an error
 * that names the key, so that a slip of the pen is never silently without effect. */
#include "config.h"

#include "gan-error.h"
#include "gan-format.h"
#include "gan-media.h"
#include "gan-rules-private.h"
#include "gan-rules-read.h"

#include <string.h>

#define MAX_TRIES 10
#define MAX_RATE 1000000

static gboolean
read_id (gpointer target, JsonNode *node, const char *key, GError **error)
{
  GanRules *self = target;
  const char *id = gan_rules_read_string (node, key, error);

  if (id == NULL)
    return FALSE;
  if (strlen (id) > 32 || strspn (id, "abcdefghijklmnopqrstuvwxyz0123456789_") != strlen (id))
    return gan_rules_fail (error, key, "must be at most 32 of a-z, 0-9 and _");
  self->id = g_strdup (id);
  return TRUE;
}

static gboolean
read_name (gpointer target, JsonNode *node, const char *key, GError **error)
{
  GanRules *self = target;

  self->name = g_strdup (gan_rules_read_string (node, key, error));
  return self->name != NULL;
}

static gboolean
read_serial (gpointer target, JsonNode *node, const char *key, GError **error)
{
  GanRules *self = target;

  return gan_rules_read_int (node, 1, G_MAXINT64, &self->serial, key, error);
}

static gboolean
read_status (gpointer target, JsonNode *node, const char *key, GError **error)
{
  static const char *const names[] = { "ok", "degraded", "broken" };
  GanRules *self = target;
  const char *name = gan_rules_read_string (node, key, error);

  for (guint i = 0; name != NULL && i < G_N_ELEMENTS (names); i++)
    {
      if (g_str_equal (name, names[i]))
        {
          self->status = i;
          return TRUE;
        }
    }
  return name != NULL && gan_rules_fail (error, key, "must be ok, degraded or broken");
}

static gboolean
read_verified (gpointer target, JsonNode *node, const char *key, GError **error)
{
  GanRules *self = target;
  const char *date = gan_rules_read_string (node, key, error);
  g_auto (GStrv) parts = date == NULL ? NULL : g_strsplit (date, "-", 4);
  guint64 year;
  guint64 month;
  guint64 day;

  if (date == NULL)
    return FALSE;
  if (g_strv_length (parts) != 3 || strlen (parts[1]) != 2 || strlen (parts[2]) != 2
      || !g_ascii_string_to_unsigned (parts[0], 10, 2000, 9999, &year, NULL)
      || !g_ascii_string_to_unsigned (parts[1], 10, 1, 12, &month, NULL)
      || !g_ascii_string_to_unsigned (parts[2], 10, 1, 31, &day, NULL)
      || !g_date_valid_dmy (day, month, year))
    return gan_rules_fail (error, key, "must be a date such as 2026-11-21");
  self->verified = g_strdup (date);
  return TRUE;
}

static gboolean
read_capabilities (gpointer target, JsonNode *node, const char *key, GError **error)
{
  static const char *const names[] = { "info", "list", "search", "search-in" };
  GanRules *self = target;
  g_auto (GStrv) strings = gan_rules_read_strings (node, key, error);

  for (guint i = 0; strings != NULL && strings[i] != NULL; i++)
    {
      guint bit = 0;

      while (bit < G_N_ELEMENTS (names) && !g_str_equal (names[bit], strings[i]))
        bit++;
      if (bit == G_N_ELEMENTS (names))
        return gan_rules_fail (error,
                               key,
                               "'%s' is none of info, list, search and search-in",
                               strings[i]);
      self->capabilities |= 1u << bit;
    }
  return strings != NULL;
}

static gboolean
read_constants (gpointer target, JsonNode *node, const char *key, GError **error)
{
  return gan_rules_read_string_map (node, ((GanRules *) target)->constants, key, error);
}

static gboolean
read_data (gpointer target, JsonNode *node, const char *key, GError **error)
{
  GanRules *self = target;
  JsonObject *object = gan_rules_read_object (node, key, error);

  if (object == NULL)
    return FALSE;
  json_object_seal (object);
  self->data = json_object_ref (object);
  return TRUE;
}

static gboolean
read_record (gpointer target, JsonNode *node, const char *key, GError **error)
{
  GanNamedMap *named = target;
  const char *name = gan_rules_read_string (node, key, error);

  if (g_strcmp0 (name, "media") == 0)
    named->record_type = GAN_TYPE_MEDIA;
  else if (g_strcmp0 (name, "format") == 0)
    named->record_type = GAN_TYPE_FORMAT;
  else
    return name != NULL && gan_rules_fail (error, key, "must be media or format");
  return TRUE;
}

static gboolean
read_rows (gpointer target, JsonNode *node, const char *key, GError **error)
{
  GanNamedMap *named = target;
  g_autoptr (GError) local = NULL;
  g_autofree char *place = NULL;

  named->map = gan_field_map_new (node, named->record_type, &local);
  if (named->map != NULL)
    return TRUE;
  if (gan_error_get_field (local) != NULL)
    place = g_strconcat (key, gan_error_get_field (local), NULL);
  return gan_rules_fail (error, place != NULL ? place : key, "%s", local->message);
}

static gboolean
read_field_maps (gpointer target, JsonNode *node, const char *key, GError **error)
{
  static const GanRulesMember members[]
      = { { "record", TRUE, read_record }, { "rows", TRUE, read_rows } };
  GanRules *self = target;
  JsonObject *object = gan_rules_read_object (node, key, error);
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (object == NULL)
    return FALSE;
  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &name, &value))
    {
      g_autofree char *place = g_strconcat (key, ".", name, NULL);
      GanNamedMap *named = g_new0 (GanNamedMap, 1);

      g_hash_table_replace (self->field_maps, g_strdup (name), named);
      if (!gan_rules_read_members (named, value, members, G_N_ELEMENTS (members), place, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_rate (guint *rate, guint max, JsonNode *node, const char *key, GError **error)
{
  gint64 value;

  if (!gan_rules_read_int (node, 1, max, &value, key, error))
    return FALSE;
  *rate = value;
  return TRUE;
}

static gboolean
read_per_minute (gpointer target, JsonNode *node, const char *key, GError **error)
{
  return read_rate (&((GanRules *) target)->limits.per_minute, MAX_RATE, node, key, error);
}

static gboolean
read_per_hour (gpointer target, JsonNode *node, const char *key, GError **error)
{
  return read_rate (&((GanRules *) target)->limits.per_hour, MAX_RATE, node, key, error);
}

static gboolean
read_parallel (gpointer target, JsonNode *node, const char *key, GError **error)
{
  return read_rate (&((GanRules *) target)->limits.parallel, MAX_RATE, node, key, error);
}

static gboolean
read_limits (gpointer target, JsonNode *node, const char *key, GError **error)
{
  static const GanRulesMember members[] = { { "per_minute", FALSE, read_per_minute },
                                            { "per_hour", FALSE, read_per_hour },
                                            { "parallel", FALSE, read_parallel } };

  return gan_rules_read_members (target, node, members, G_N_ELEMENTS (members), key, error);
}

static gboolean
read_tries (gpointer target, JsonNode *node, const char *key, GError **error)
{
  return read_rate (&((GanRules *) target)->max_tries, MAX_TRIES, node, key, error);
}

static gboolean
read_retry (gpointer target, JsonNode *node, const char *key, GError **error)
{
  static const GanRulesMember members[] = { { "tries", FALSE, read_tries } };

  return gan_rules_read_members (target, node, members, G_N_ELEMENTS (members), key, error);
}

static gboolean
read_query_keys (gpointer target, JsonNode *node, const char *key, GError **error)
{
  GanRules *self = target;

  self->har_query_keys = gan_rules_read_strings (node, key, error);
  return self->har_query_keys != NULL;
}

static gboolean
read_json_fields (gpointer target, JsonNode *node, const char *key, GError **error)
{
  GanRules *self = target;

  self->har_json_fields = gan_rules_read_strings (node, key, error);
  return self->har_json_fields != NULL;
}

static gboolean
read_har (gpointer target, JsonNode *node, const char *key, GError **error)
{
  static const GanRulesMember members[]
      = { { "query_keys", FALSE, read_query_keys }, { "json_fields", FALSE, read_json_fields } };

  return gan_rules_read_members (target, node, members, G_N_ELEMENTS (members), key, error);
}

/**
 * gan_rules_parse:
 * @self: rules as gan_rules_alloc() gives them
 * @node: the root of a rules file
 * @error: return location for an error
 *
 * Fills @self by the schema of RULES.md.
 *
 * Returns: whether the file is valid; else %GAN_ERROR_INVALID_DATA, reason "rules", with the key
 */
gboolean
gan_rules_parse (GanRules *self, JsonNode *node, GError **error)
{
  /* In this order: what comes later is checked against what comes first. */
  static const GanRulesMember members[] = {
    { "id", TRUE, read_id },
    { "name", TRUE, read_name },
    { "serial", TRUE, read_serial },
    { "status", TRUE, read_status },
    { "verified", TRUE, read_verified },
    { "capabilities", FALSE, read_capabilities },
    { "hosts", TRUE, gan_rules_read_hosts },
    { "origins", FALSE, gan_rules_read_origins },
    { "urls", TRUE, gan_rules_read_urls },
    { "reject", FALSE, gan_rules_read_reject },
    { "endpoints", FALSE, gan_rules_read_endpoints },
    { "clients", FALSE, gan_rules_read_clients },
    { "headers", FALSE, gan_rules_read_headers },
    { "media_headers", FALSE, gan_rules_read_media_headers },
    { "constants", FALSE, read_constants },
    { "data", FALSE, read_data },
    { "field_maps", FALSE, read_field_maps },
    { "limits", FALSE, read_limits },
    { "retry", FALSE, read_retry },
    { "har", FALSE, read_har },
  };

  return gan_rules_read_members (self, node, members, G_N_ELEMENTS (members), "", error);
}

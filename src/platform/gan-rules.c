/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-rules.h"

#include "gan-error.h"
#include "gan-json.h"
#include "gan-limits.h"
#include "gan-rules-private.h"

static void
url_rule_free (gpointer data)
{
  GanUrlRule *rule = data;

  g_free (rule->form);
  gan_template_free (rule->host);
  gan_template_free (rule->template);
  g_free (rule->id);
  g_free (rule->canonical);
  g_free (rule);
}

static void
client_free (gpointer data)
{
  GanClient *client = data;

  g_free (client->name);
  g_free (client->version);
  g_free (client->user_agent);
  g_free (client);
}

static void
named_map_free (gpointer data)
{
  GanNamedMap *named = data;

  g_clear_pointer (&named->map, gan_field_map_free);
  g_free (named);
}

static void
template_free (gpointer data)
{
  gan_template_free (data);
}

static GHashTable *
string_table (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

static GanRules *
rules_alloc (void)
{
  GanRules *self = g_atomic_rc_box_new0 (GanRules);

  self->urls = g_ptr_array_new_with_free_func (url_rule_free);
  self->reject = g_ptr_array_new_with_free_func (template_free);
  self->endpoints = string_table ();
  self->clients = g_ptr_array_new_with_free_func (client_free);
  self->headers = string_table ();
  self->media_headers = string_table ();
  self->constants = string_table ();
  self->field_maps = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, named_map_free);
  return self;
}

static void
rules_clear (gpointer data)
{
  GanRules *self = data;

  g_free (self->id);
  g_free (self->name);
  g_free (self->verified);
  g_strfreev (self->hosts);
  g_strfreev (self->origins);
  g_ptr_array_unref (self->urls);
  g_ptr_array_unref (self->reject);
  g_hash_table_unref (self->endpoints);
  g_ptr_array_unref (self->clients);
  g_hash_table_unref (self->headers);
  g_hash_table_unref (self->media_headers);
  g_hash_table_unref (self->constants);
  g_clear_pointer (&self->data, json_object_unref);
  g_hash_table_unref (self->field_maps);
  g_strfreev (self->har_query_keys);
  g_strfreev (self->har_json_fields);
}

/**
 * gan_rules_new:
 * @json: the text of a rules file
 * @error: return location for an error
 *
 * Reads rules by the schema of RULES.md. They do not change any more and may be used by any thread.
 *
 * Returns: (transfer full): the rules, or %NULL with %GAN_ERROR_INVALID_DATA; its field is the key
 *   that is wrong
 */
GanRules *
gan_rules_new (GBytes *json, GError **error)
{
  g_autoptr (GanRules) self = NULL;
  g_autoptr (JsonNode) root = NULL;
  const char *text;
  gsize length;

  g_return_val_if_fail (json != NULL, NULL);

  text = g_bytes_get_data (json, &length);
  root = gan_json_parse (text == NULL ? "" : text,
                         length,
                         GAN_LIMIT_RULES_BYTES,
                         GAN_LIMIT_RULES_DEPTH,
                         error);
  if (root == NULL)
    return NULL;
  self = rules_alloc ();
  if (!gan_rules_parse (self, root, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * gan_rules_new_override:
 * @built_in: the rules that are compiled in
 * @json: the text of a rules file that is to take their place
 * @error: return location for an error
 *
 * Reads rules that may narrow what @built_in allow, never widen it (design.md §4).
 *
 * Returns: (transfer full): the rules, or %NULL with %GAN_ERROR_INVALID_DATA; its field is the key
 *   that is wrong
 */
GanRules *
gan_rules_new_override (GanRules *built_in, GBytes *json, GError **error)
{
  g_autoptr (GanRules) self = NULL;

  g_return_val_if_fail (built_in != NULL, NULL);

  self = gan_rules_new (json, error);
  if (self == NULL || !gan_rules_check_override (built_in, self, error))
    return NULL;
  self->is_override = TRUE;
  return g_steal_pointer (&self);
}

/**
 * gan_rules_ref:
 * @self: rules
 *
 * Returns: (transfer full): @self with one reference more
 */
GanRules *
gan_rules_ref (GanRules *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

/**
 * gan_rules_unref:
 * @self: (transfer full): rules
 *
 * Gives one reference back; the last one frees them.
 */
void
gan_rules_unref (GanRules *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, rules_clear);
}

/**
 * gan_rules_get_id:
 * @self: rules
 *
 * Returns: (transfer none): id of the site
 */
const char *
gan_rules_get_id (GanRules *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->id;
}

/**
 * gan_rules_get_name:
 * @self: rules
 *
 * Returns: (transfer none): the name of the site that people know
 */
const char *
gan_rules_get_name (GanRules *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->name;
}

/**
 * gan_rules_get_serial:
 * @self: rules
 *
 * Returns: the number that grows with every change of the file
 */
gint64
gan_rules_get_serial (GanRules *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->serial;
}

/**
 * gan_rules_get_status:
 * @self: rules
 *
 * Returns: how well the site worked when it was last looked at
 */
GanSiteStatus
gan_rules_get_status (GanRules *self)
{
  g_return_val_if_fail (self != NULL, GAN_SITE_BROKEN);

  return self->status;
}

/**
 * gan_rules_get_verified:
 * @self: rules
 *
 * Returns: (transfer none): the day of that look, such as "2026-11-21"
 */
const char *
gan_rules_get_verified (GanRules *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->verified;
}

/**
 * gan_rules_get_capabilities:
 * @self: rules
 *
 * Returns: bits of #GanCapability
 */
guint
gan_rules_get_capabilities (GanRules *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->capabilities;
}

/**
 * gan_rules_get_hosts:
 * @self: rules
 *
 * Returns: (transfer none): the hosts that the site claims, as they stand in the file
 */
const char *const *
gan_rules_get_hosts (GanRules *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return (const char *const *) self->hosts;
}

/**
 * gan_rules_get_origins:
 * @self: rules
 *
 * Returns: (transfer none) (nullable): where requests of this site may go; %NULL for anywhere
 */
const char *const *
gan_rules_get_origins (GanRules *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return (const char *const *) self->origins;
}

/**
 * gan_rules_get_rate_limits:
 * @self: rules
 *
 * Returns: (transfer none): the limits of the site
 */
const GanRateLimits *
gan_rules_get_rate_limits (GanRules *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return &self->limits;
}

/**
 * gan_rules_get_max_tries:
 * @self: rules
 *
 * Returns: how often one request may be tried, or 0 for what GanHttp thinks right
 */
guint
gan_rules_get_max_tries (GanRules *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->max_tries;
}

/**
 * gan_rules_get_headers:
 * @self: rules
 *
 * Returns: (transfer none) (element-type utf8 utf8): what every request of the site carries
 */
GHashTable *
gan_rules_get_headers (GanRules *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->headers;
}

/**
 * gan_rules_get_media_headers:
 * @self: rules
 *
 * Returns: (transfer none) (element-type utf8 utf8): what every download of its media carries
 */
GHashTable *
gan_rules_get_media_headers (GanRules *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->media_headers;
}

/**
 * gan_rules_get_har_query_keys:
 * @self: rules
 *
 * Returns: (transfer none) (nullable): the keys of queries that a recording may keep
 */
const char *const *
gan_rules_get_har_query_keys (GanRules *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return (const char *const *) self->har_query_keys;
}

/**
 * gan_rules_get_har_json_fields:
 * @self: rules
 *
 * Returns: (transfer none) (nullable): the members of JSON that a recording may keep
 */
const char *const *
gan_rules_get_har_json_fields (GanRules *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return (const char *const *) self->har_json_fields;
}

/**
 * gan_rules_is_override:
 * @self: rules
 *
 * Returns: whether they came from a file of the user
 */
gboolean
gan_rules_is_override (GanRules *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->is_override;
}

/**
 * gan_rules_allows_url:
 * @self: rules
 * @url: a URL
 *
 * Returns: whether requests of this site may go there
 */
gboolean
gan_rules_allows_url (GanRules *self, GanUrl *url)
{
  g_return_val_if_fail (self != NULL && url != NULL, FALSE);

  return self->origins == NULL
         || gan_rules_origins_cover (gan_rules_get_origins (self), gan_url_get_origin (url));
}

static GanMatch *
make_match (GanRules *self, const GanUrlRule *rule, GanUrl *url, GHashTable *captures)
{
  g_autofree char *id = gan_template_expand_plain (rule->id, captures, NULL);
  g_autofree char *canonical = NULL;
  g_autoptr (GanMatch) match = gan_match_new (self->id, rule->kind, id, url);
  GHashTableIter iter;
  gpointer name;
  gpointer value;

  gan_match_set_form (match, rule->form);
  g_hash_table_iter_init (&iter, captures);
  while (g_hash_table_iter_next (&iter, &name, &value))
    gan_match_set_capture (match, name, value);
  if (rule->canonical == NULL)
    return g_steal_pointer (&match);
  canonical = gan_template_expand (rule->canonical, captures, NULL);
  if (canonical == NULL)
    return NULL;
  gan_match_set_canonical (match, canonical);
  return g_steal_pointer (&match);
}

/**
 * gan_rules_match:
 * @self: rules
 * @url: a URL
 *
 * Holds a URL against the hosts, then "reject", then "urls" in order. Linear in the length of the
 * URL; no network.
 *
 * Returns: (transfer full) (nullable): what the URL says, or %NULL if it is none of this site's
 */
GanMatch *
gan_rules_match (GanRules *self, GanUrl *url)
{
  GanTemplateSubject subject;

  g_return_val_if_fail (self != NULL && url != NULL, NULL);

  if (!gan_rules_hosts_cover (gan_rules_get_hosts (self), gan_url_get_host (url)))
    return NULL;
  gan_template_subject_init (&subject, url);
  for (guint i = 0; i < self->reject->len; i++)
    {
      if (gan_template_match_subject (g_ptr_array_index (self->reject, i), &subject, NULL))
        return NULL;
    }
  for (guint i = 0; i < self->urls->len; i++)
    {
      const GanUrlRule *rule = g_ptr_array_index (self->urls, i);
      g_autoptr (GHashTable) captures = NULL;

      if ((rule->host != NULL && !gan_template_match_subject (rule->host, &subject, NULL))
          || !gan_template_match_subject (rule->template, &subject, NULL))
        continue;
      captures = string_table ();
      if (rule->host != NULL)
        gan_template_match_subject (rule->host, &subject, captures);
      gan_template_match_subject (rule->template, &subject, captures);
      return make_match (self, rule, url, captures);
    }
  return NULL;
}

/**
 * gan_rules_dup_endpoint:
 * @self: rules
 * @name: name of an endpoint
 * @values: (element-type utf8 utf8): what goes into its `{name}`s, not encoded
 * @error: return location for an error
 *
 * Returns: (transfer full): the URL to ask, within the site's origins; or %NULL with
 *   %GAN_ERROR_INTERNAL when the rules have no such endpoint or a value is missing, and
 *   %GAN_ERROR_INVALID_DATA when a value does not fit its place
 */
GanUrl *
gan_rules_dup_endpoint (GanRules *self, const char *name, GHashTable *values, GError **error)
{
  g_autoptr (GanUrl) url = NULL;
  g_autofree char *text = NULL;
  const char *pattern;

  g_return_val_if_fail (self != NULL && name != NULL && values != NULL, NULL);

  pattern = g_hash_table_lookup (self->endpoints, name);
  if (pattern == NULL)
    {
      gan_error_set (error, GAN_ERROR_INTERNAL, "rules", "%s has no endpoint '%s'", self->id, name);
      return NULL;
    }
  text = gan_template_expand (pattern, values, error);
  url = text == NULL ? NULL : gan_url_parse (text, error);
  if (url == NULL)
    return NULL;
  if (!gan_rules_allows_url (self, url))
    {
      gan_error_set (error,
                     GAN_ERROR_NOT_ALLOWED,
                     "origin",
                     "endpoint '%s' of %s leads to %s, which is not among its origins",
                     name,
                     self->id,
                     gan_url_get_origin (url));
      return NULL;
    }
  return g_steal_pointer (&url);
}

/**
 * gan_rules_get_client:
 * @self: rules
 * @name: (nullable): name of a client identity, or %NULL for the best one
 *
 * A crawler of another company is never given: nobody has allowed it.
 *
 * Returns: (transfer none) (nullable): the identity
 */
const GanClient *
gan_rules_get_client (GanRules *self, const char *name)
{
  g_return_val_if_fail (self != NULL, NULL);

  for (guint i = 0; i < self->clients->len; i++)
    {
      const GanClient *client = g_ptr_array_index (self->clients, i);

      if (!client->crawler && (name == NULL || g_str_equal (client->name, name)))
        return client;
    }
  return NULL;
}

/**
 * gan_rules_get_field_map:
 * @self: rules
 * @name: name of a field map
 *
 * Returns: (transfer none) (nullable): the field map
 */
const GanFieldMap *
gan_rules_get_field_map (GanRules *self, const char *name)
{
  const GanNamedMap *named;

  g_return_val_if_fail (self != NULL && name != NULL, NULL);

  named = g_hash_table_lookup (self->field_maps, name);
  return named == NULL ? NULL : named->map;
}

/**
 * gan_rules_get_constant:
 * @self: rules
 * @name: name of a constant
 *
 * Returns: (transfer none) (nullable): the string
 */
const char *
gan_rules_get_constant (GanRules *self, const char *name)
{
  g_return_val_if_fail (self != NULL && name != NULL, NULL);

  return g_hash_table_lookup (self->constants, name);
}

/**
 * gan_rules_get_data:
 * @self: rules
 * @name: name of a member of "data"
 *
 * Returns: (transfer none) (nullable): any JSON, not to be changed
 */
JsonNode *
gan_rules_get_data (GanRules *self, const char *name)
{
  g_return_val_if_fail (self != NULL && name != NULL, NULL);

  return self->data == NULL ? NULL : json_object_get_member (self->data, name);
}

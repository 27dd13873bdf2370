/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The part of a rules file that says which links are this site's: hosts, urls, reject. */
#include "config.h"

#include "gan-limits.h"
#include "gan-rules-private.h"
#include "gan-rules-read.h"

#include <string.h>

/* An entry of "urls" while it is read. */
typedef struct
{
  GanRules *rules;
  GanUrlRule *rule;
} Entry;

/**
 * gan_rules_is_host_pattern:
 * @text: any text
 *
 * Returns: whether it is a host in lower case that may begin with `*.`; a star never covers a whole
 *   top-level domain
 */
gboolean
gan_rules_is_host_pattern (const char *text)
{
  const char *host = g_str_has_prefix (text, "*.") ? text + 2 : text;

  return strspn (host, "abcdefghijklmnopqrstuvwxyz0123456789-.") == strlen (host)
         && g_ascii_isalnum (*host) && strchr (host, '.') != NULL && strstr (host, "..") == NULL
         && !g_str_has_suffix (host, ".");
}

/**
 * gan_rules_hosts_cover:
 * @hosts: (nullable): hosts of a site
 * @host: a host in lower case; also one with `*.` or with a capture in its first labels
 *
 * Returns: whether @hosts claim it
 */
gboolean
gan_rules_hosts_cover (const char *const *hosts, const char *host)
{
  const char *bare = gan_template_skip_common_label (host);

  for (guint i = 0; hosts != NULL && hosts[i] != NULL; i++)
    {
      if (g_str_equal (hosts[i], host) || g_str_equal (hosts[i], bare))
        return TRUE;
      if (hosts[i][0] == '*' && strlen (host) >= strlen (hosts[i])
          && g_str_has_suffix (host, hosts[i] + 1))
        return TRUE;
    }
  return FALSE;
}

gboolean
gan_rules_read_hosts (gpointer rules, JsonNode *node, const char *key, GError **error)
{
  GanRules *self = rules;

  self->hosts = gan_rules_read_strings (node, key, error);
  for (guint i = 0; self->hosts != NULL && self->hosts[i] != NULL; i++)
    {
      if (!gan_rules_is_host_pattern (self->hosts[i]))
        return gan_rules_fail (error, key, "'%s' is no host in lower case", self->hosts[i]);
    }
  return self->hosts != NULL;
}

static gboolean
count_template (GanRules *self, const char *key, GError **error)
{
  return self->urls->len + self->reject->len < GAN_LIMIT_RULES_TEMPLATES
         || gan_rules_fail (error, key, "more than %d templates", GAN_LIMIT_RULES_TEMPLATES);
}

/* Compiles a template and says in which key it was when it is bad. */
static GanTemplate *
read_template (JsonNode *node, gboolean is_host, const char *key, GError **error)
{
  g_autoptr (GError) local = NULL;
  const char *text = gan_rules_read_string (node, key, error);
  GanTemplate *template;

  if (text == NULL)
    return NULL;
  template = is_host ? gan_template_new_host (text, &local) : gan_template_new (text, &local);
  if (template == NULL)
    gan_rules_fail (error, key, "%s", local->message);
  return template;
}

static gboolean
read_form (gpointer target, JsonNode *node, const char *key, GError **error)
{
  GanUrlRule *rule = ((Entry *) target)->rule;

  rule->form = g_strdup (gan_rules_read_string (node, key, error));
  return rule->form != NULL;
}

static gboolean
read_host (gpointer target, JsonNode *node, const char *key, GError **error)
{
  Entry *entry = target;

  entry->rule->host = read_template (node, TRUE, key, error);
  if (entry->rule->host == NULL)
    return FALSE;
  return gan_rules_hosts_cover (gan_rules_get_hosts (entry->rules),
                                gan_template_get_text (entry->rule->host))
         || gan_rules_fail (error, key, "is not within hosts");
}

static gboolean
read_path (gpointer target, JsonNode *node, const char *key, GError **error)
{
  GanUrlRule *rule = ((Entry *) target)->rule;

  rule->template = read_template (node, FALSE, key, error);
  return rule->template != NULL;
}

static gboolean
read_kind (gpointer target, JsonNode *node, const char *key, GError **error)
{
  const char *kind = gan_rules_read_string (node, key, error);

  if (kind == NULL)
    return FALSE;
  return gan_kind_from_string (kind, &((Entry *) target)->rule->kind)
         || gan_rules_fail (error, key, "is no kind of thing that a link leads to");
}

/* A pattern that only asks for what the entry's templates capture. */
static char *
read_pattern (const GanUrlRule *rule, JsonNode *node, const char *key, GError **error)
{
  g_autoptr (GError) local = NULL;
  const char *pattern = gan_rules_read_string (node, key, error);
  g_auto (GStrv) names = NULL;

  if (pattern == NULL)
    return NULL;
  names = gan_template_dup_names (pattern, &local);
  if (names == NULL)
    {
      gan_rules_fail (error, key, "%s", local->message);
      return NULL;
    }
  for (guint i = 0; names[i] != NULL; i++)
    {
      gboolean in_host = rule->host != NULL && gan_template_captures (rule->host, names[i]);

      if (in_host == gan_template_captures (rule->template, names[i]))
        {
          gan_rules_fail (error,
                          key,
                          "{%s} is captured %s",
                          names[i],
                          in_host ? "twice" : "nowhere");
          return NULL;
        }
    }
  return g_strdup (pattern);
}

static gboolean
read_id (gpointer target, JsonNode *node, const char *key, GError **error)
{
  GanUrlRule *rule = ((Entry *) target)->rule;

  rule->id = read_pattern (rule, node, key, error);
  return rule->id != NULL;
}

static gboolean
read_canonical (gpointer target, JsonNode *node, const char *key, GError **error)
{
  Entry *entry = target;
  g_autofree char *host = NULL;
  const char *canonical;

  entry->rule->canonical = read_pattern (entry->rule, node, key, error);
  canonical = entry->rule->canonical;
  if (canonical == NULL)
    return FALSE;
  if (g_str_has_prefix (canonical, "https://"))
    {
      canonical += strlen ("https://");
      host = g_ascii_strdown (canonical, strcspn (canonical, "/?#"));
    }
  return (host != NULL && gan_rules_hosts_cover (gan_rules_get_hosts (entry->rules), host))
         || gan_rules_fail (error, key, "must be https and within hosts");
}

gboolean
gan_rules_read_urls (gpointer rules, JsonNode *node, const char *key, GError **error)
{
  static const GanRulesMember members[] = {
    { "form", FALSE, read_form },    { "host", FALSE, read_host },
    { "template", TRUE, read_path }, { "kind", TRUE, read_kind },
    { "id", TRUE, read_id },         { "canonical", FALSE, read_canonical },
  };
  GanRules *self = rules;
  JsonArray *array = gan_rules_read_array (node, key, error);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      g_autofree char *place = g_strdup_printf ("%s[%u]", key, i);
      Entry entry = { self, NULL };

      if (!count_template (self, place, error))
        return FALSE;
      entry.rule = g_new0 (GanUrlRule, 1);
      g_ptr_array_add (self->urls, entry.rule);
      if (!gan_rules_read_members (&entry,
                                   json_array_get_element (array, i),
                                   members,
                                   G_N_ELEMENTS (members),
                                   place,
                                   error))
        return FALSE;
    }
  return array != NULL;
}

gboolean
gan_rules_read_reject (gpointer rules, JsonNode *node, const char *key, GError **error)
{
  GanRules *self = rules;
  JsonArray *array = gan_rules_read_array (node, key, error);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      g_autofree char *place = g_strdup_printf ("%s[%u]", key, i);
      GanTemplate *template;

      if (!count_template (self, place, error))
        return FALSE;
      template = read_template (json_array_get_element (array, i), FALSE, place, error);
      if (template == NULL)
        return FALSE;
      g_ptr_array_add (self->reject, template);
    }
  return array != NULL;
}

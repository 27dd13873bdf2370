/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A page is not parsed for this: it may be any bytes, and what is replayed must be what came but
 * for the secrets. */
#include "config.h"

#include "gan-scrub-page.h"

#include "gan-json.h"
#include "gan-limits.h"
#include "gan-redact.h"

#include <string.h>

typedef struct
{
  const char *text;
  gsize length;
} Span;

/* The value of an attribute of the tag that begins at @tag and is @length bytes long. */
static gboolean
find_attribute (const char *tag, gsize length, const char *name, Span *value)
{
  gsize name_length = strlen (name);

  for (gsize i = 1; i + name_length + 2 < length; i++)
    {
      const char *p = tag + i + name_length;
      const char *end = NULL;

      if (!g_ascii_isspace (tag[i - 1]) || g_ascii_strncasecmp (tag + i, name, name_length) != 0
          || *p != '=' || (p[1] != '"' && p[1] != '\''))
        continue;
      end = memchr (p + 2, p[1], length - (gsize) (p + 2 - tag));
      if (end == NULL)
        return FALSE;
      value->text = p + 2;
      value->length = (gsize) (end - value->text);
      return TRUE;
    }
  return FALSE;
}

static gboolean
is_tag (const char *text, const char *name)
{
  gsize length = strlen (name);

  return g_ascii_strncasecmp (text + 1, name, length) == 0
         && (g_ascii_isspace (text[length + 1]) || text[length + 1] == '>');
}

/* <input name="csrf_token" value="…">, <meta name="csrf-token" content="…"> */
static void
append_tag (GString *out, const char *tag, gsize length)
{
  const char *attribute = is_tag (tag, "input") ? "value" : "content";
  Span name = { NULL, 0 };
  Span value = { NULL, 0 };
  g_autofree char *key = NULL;

  if ((is_tag (tag, "input") || is_tag (tag, "meta")) && find_attribute (tag, length, "name", &name)
      && find_attribute (tag, length, attribute, &value))
    key = g_strndup (name.text, name.length);
  if (key == NULL || !gan_redact_is_secret_key (key))
    {
      g_string_append_len (out, tag, (gssize) length);
      return;
    }
  g_string_append_len (out, tag, value.text - tag);
  g_string_append (out, GAN_REDACTED);
  value.text += value.length;
  g_string_append_len (out, value.text, tag + length - value.text);
}

static void
append_markup (GString *out, GanScrubber *scrubber, const char *site, const char *html, gsize n)
{
  g_autoptr (GString) tagged = g_string_sized_new (n);
  g_autofree char *scrubbed = NULL;
  const char *end = html + n;

  while (html < end)
    {
      const char *tag = memchr (html, '<', (gsize) (end - html));
      const char *close = tag != NULL ? memchr (tag, '>', (gsize) (end - tag)) : NULL;

      if (close == NULL)
        {
          g_string_append_len (tagged, html, end - html);
          break;
        }
      g_string_append_len (tagged, html, tag - html);
      append_tag (tagged, tag, (gsize) (close + 1 - tag));
      html = close + 1;
    }
  scrubbed = gan_scrubber_dup_text (scrubber, site, tagged->str);
  g_string_append (out, scrubbed);
}

/* The next script element whose type names JSON. */
static gboolean
find_json_script (const char *html, Span *script)
{
  while ((html = strcasestr (html, "<script")) != NULL)
    {
      gsize tag = strcspn (html, ">");
      g_autofree char *attributes = g_ascii_strdown (html, (gssize) tag);
      const char *end = html[tag] == '>' ? strcasestr (html + tag, "</script") : NULL;

      if (end == NULL)
        return FALSE;
      script->text = html + tag + 1;
      script->length = (gsize) (end - script->text);
      if (strstr (attributes, "json") != NULL)
        return TRUE;
      html = end;
    }
  return FALSE;
}

static void
append_script (GString *out, GanScrubber *scrubber, const char *site, const Span *script)
{
  g_autoptr (JsonNode) root = gan_json_parse (script->text,
                                              (gssize) script->length,
                                              GAN_LIMIT_JSON_BYTES,
                                              GAN_LIMIT_JSON_DEPTH,
                                              NULL);
  g_autoptr (JsonNode) scrubbed = NULL;
  g_autofree char *text = NULL;
  g_auto (GStrv) pieces = NULL;
  g_autofree char *safe = NULL;

  if (root == NULL)
    {
      append_markup (out, scrubber, site, script->text, script->length);
      return;
    }
  scrubbed = gan_scrubber_dup_json (scrubber, site, root, GAN_SCRUB_TYPED);
  text = gan_json_to_string (scrubbed, FALSE);
  pieces = g_strsplit (text, "</", -1);
  safe = g_strjoinv ("<\\/", pieces);
  g_string_append (out, safe);
}

/**
 * gan_scrub_page:
 * @scrubber: a scrubber
 * @site: the site that asked, "" for none
 * @html: a page, UTF-8
 *
 * Returns: (transfer full): the page with JSON scripts scrubbed as JSON, secret fields of forms and
 * meta elements taken out, and the rest scrubbed as text
 */
char *
gan_scrub_page (GanScrubber *scrubber, const char *site, const char *html)
{
  GString *out = g_string_sized_new (strlen (html));
  Span script = { NULL, 0 };

  while (find_json_script (html, &script))
    {
      append_markup (out, scrubber, site, html, (gsize) (script.text - html));
      append_script (out, scrubber, site, &script);
      html = script.text + script.length;
    }
  append_markup (out, scrubber, site, html, strlen (html));
  return g_string_free (out, FALSE);
}

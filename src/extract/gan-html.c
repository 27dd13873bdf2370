/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-html.h"

#include "gan-error.h"
#include "gan-limits.h"
#include "gan-selector.h"
#include "gan-text.h"

#include <libxml/HTMLparser.h>
#include <string.h>

struct _GanHtml
{
  xmlDoc *document;
};

/* Elements that begin a line of their own, as far as the text of posts is concerned. */
static gboolean
is_block (const xmlNode *node)
{
  static const char *const blocks[] = {
    "address", "article", "blockquote", "div", "dl", "h1",  "h2",      "h3", "h4", "h5",
    "h6",      "hr",      "li",         "ol",  "p",  "pre", "section", "tr", "ul", NULL,
  };

  return node->type == XML_ELEMENT_NODE && g_strv_contains (blocks, (const char *) node->name);
}

static gboolean
is_silent (const xmlNode *node)
{
  static const char *const silent[] = { "script", "style", "template", "noscript", NULL };

  return node->type == XML_ELEMENT_NODE && g_strv_contains (silent, (const char *) node->name);
}

static GanHtml *
parse (const char *data, gsize size, const char *encoding, GError **error)
{
  GanHtml *self = NULL;
  xmlDoc *document = NULL;

  if (size > GAN_LIMIT_PAGE_BYTES)
    {
      gan_error_set (error, GAN_ERROR_INVALID_DATA, "html", "the page has %zu bytes", size);
      return NULL;
    }
  document = htmlReadMemory (data,
                             (int) size,
                             NULL,
                             encoding,
                             HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING
                                 | HTML_PARSE_NONET | HTML_PARSE_COMPACT);
  if (document == NULL || xmlDocGetRootElement (document) == NULL)
    {
      g_clear_pointer (&document, xmlFreeDoc);
      gan_error_set (error, GAN_ERROR_INVALID_DATA, "html", "the page is not HTML");
      return NULL;
    }

  self = g_new0 (GanHtml, 1);
  self->document = document;
  return self;
}

/**
 * gan_html_parse:
 * @data: the page, UTF-8
 * @length: its length in bytes, or -1 when NUL-terminated
 * @error: invalid-data when it is too large or nothing at all could be read
 *
 * Parses as leniently as libxml2's HTML parser does, which opens no file, no network and no entity
 * here.
 *
 * Returns: (transfer full): the document
 */
GanHtml *
gan_html_parse (const char *data, gssize length, GError **error)
{
  return parse (data, length < 0 ? strlen (data) : (gsize) length, "UTF-8", error);
}

/* The charset parameter of a Content-Type, as far as libxml2 knows it. */
static char *
dup_charset (const char *content_type)
{
  const char *name = content_type != NULL ? strcasestr (content_type, "charset=") : NULL;
  g_autofree char *charset = NULL;

  if (name == NULL)
    return NULL;
  name += strlen ("charset=");
  name += strspn (name, "\"' ");
  charset = g_strndup (name, strcspn (name, "\"'; "));
  return xmlParseCharEncoding (charset) != XML_CHAR_ENCODING_ERROR ? g_steal_pointer (&charset)
                                                                   : NULL;
}

/**
 * gan_html_parse_bytes:
 * @bytes: the page as it was sent
 * @content_type: (nullable): what the server said of it
 * @error: invalid-data when it is too large or nothing at all could be read
 *
 * Like gan_html_parse() for a page in the encoding that its server, its text or its own `<meta>`
 * says.
 *
 * Returns: (transfer full): the document
 */
GanHtml *
gan_html_parse_bytes (GBytes *bytes, const char *content_type, GError **error)
{
  gsize length = 0;
  const char *data = g_bytes_get_data (bytes, &length);
  g_autofree char *charset = dup_charset (content_type);

  if (charset == NULL && g_utf8_validate_len (data, length, NULL))
    charset = g_strdup ("UTF-8");
  return parse (data != NULL ? data : "", length, charset, error);
}

/**
 * gan_html_free:
 * @self: (transfer full): a document; its nodes go with it
 */
void
gan_html_free (GanHtml *self)
{
  if (self == NULL)
    return;
  xmlFreeDoc (self->document);
  g_free (self);
}

/**
 * gan_html_get_root:
 * @self: a document
 *
 * Returns: (transfer none): its root element
 */
GanHtmlNode *
gan_html_get_root (GanHtml *self)
{
  return xmlDocGetRootElement (self->document);
}

/* The node that follows @node in document order within @scope. */
static xmlNode *
next_node (xmlNode *node, const xmlNode *scope)
{
  if (node->type == XML_ELEMENT_NODE && node->children != NULL)
    return node->children;
  while (node != scope && node->next == NULL)
    node = node->parent;
  return node == scope ? NULL : node->next;
}

static GPtrArray *
find (GanHtml *self, GanHtmlNode *scope, const char *text, guint limit)
{
  g_autoptr (GanSelector) selector = gan_selector_new (text);
  g_autoptr (GPtrArray) found = g_ptr_array_new ();
  xmlNode *root = scope != NULL ? scope : gan_html_get_root (self);
  xmlNode *node = root;

  if (scope == NULL && gan_selector_matches (selector, root))
    g_ptr_array_add (found, root);
  while (found->len < limit && (node = next_node (node, root)) != NULL)
    {
      if (node->type == XML_ELEMENT_NODE && gan_selector_matches (selector, node))
        g_ptr_array_add (found, node);
    }
  return g_steal_pointer (&found);
}

/**
 * gan_html_find:
 * @self: a document
 * @scope: (nullable): look below this node only
 * @selector: see gan-html.h
 *
 * Returns: (transfer none) (nullable): the first element that fits
 */
GanHtmlNode *
gan_html_find (GanHtml *self, GanHtmlNode *scope, const char *selector)
{
  g_autoptr (GPtrArray) found = find (self, scope, selector, 1);

  return found->len > 0 ? g_ptr_array_index (found, 0) : NULL;
}

/**
 * gan_html_find_all:
 * @self: a document
 * @scope: (nullable): look below this node only
 * @selector: see gan-html.h
 *
 * Returns: (transfer container): the elements that fit in document order, at most
 * GAN_LIMIT_LIST_ENTRIES
 */
GPtrArray *
gan_html_find_all (GanHtml *self, GanHtmlNode *scope, const char *selector)
{
  return find (self, scope, selector, GAN_LIMIT_LIST_ENTRIES);
}

/**
 * gan_html_dup_attribute:
 * @node: (nullable): an element
 * @name: an attribute
 *
 * Returns: (transfer full) (nullable): its value, entities resolved; NULL without node or attribute
 */
char *
gan_html_dup_attribute (GanHtmlNode *node, const char *name)
{
  g_autofree char *value = NULL;
  xmlChar *raw = NULL;

  if (node == NULL)
    return NULL;
  raw = xmlGetNoNsProp (node, BAD_CAST name);
  if (raw == NULL)
    return NULL;
  value = g_strdup ((const char *) raw);
  xmlFree (raw);
  return g_steal_pointer (&value);
}

static void
end_line (GString *text)
{
  while (text->len > 0 && text->str[text->len - 1] == ' ')
    g_string_truncate (text, text->len - 1);
  if (text->len > 0)
    g_string_append_c (text, '\n');
}

static void
begin_line (GString *text)
{
  if (text->len > 0 && text->str[text->len - 1] != '\n')
    end_line (text);
}

/* White space of the source is one space, or none at the beginning of a line. */
static void
append_collapsed (GString *text, const char *content)
{
  for (const char *p = content; *p != '\0'; p++)
    {
      gboolean at_gap = text->len == 0 || strchr (" \n", text->str[text->len - 1]) != NULL;

      if (!g_ascii_isspace (*p))
        g_string_append_c (text, *p);
      else if (!at_gap)
        g_string_append_c (text, ' ');
    }
}

static void
append_node (GString *text, const xmlNode *node)
{
  if (node->type == XML_TEXT_NODE && node->content != NULL)
    append_collapsed (text, (const char *) node->content);
  else if (node->type == XML_ELEMENT_NODE && strcmp ((const char *) node->name, "br") == 0)
    end_line (text);
  else if (is_block (node))
    begin_line (text);
}

/* What follows @node below @scope once its own content is done; blocks end their line on the way
 * up. */
static xmlNode *
leave_node (GString *text, xmlNode *node, const xmlNode *scope)
{
  while (node->next == NULL)
    {
      node = node->parent;
      if (node == scope)
        return NULL;
      if (is_block (node))
        begin_line (text);
    }
  return node->next;
}

/**
 * gan_html_dup_text:
 * @node: (nullable): an element
 *
 * What a reader sees of it: white space collapsed, a line break for `<br>` and around blocks,
 * scripts left out.
 *
 * Returns: (transfer full) (nullable): the text, NULL when there is none
 */
char *
gan_html_dup_text (GanHtmlNode *node)
{
  g_autoptr (GString) text = g_string_new (NULL);
  xmlNode *at = NULL;

  if (node == NULL)
    return NULL;
  at = node->children;
  while (at != NULL && text->len < GAN_LIMIT_TEXT_BYTES)
    {
      append_node (text, at);
      at = at->type == XML_ELEMENT_NODE && at->children != NULL && !is_silent (at)
               ? at->children
               : leave_node (text, at, node);
    }
  g_strstrip (text->str);
  return text->str[0] != '\0' ? g_strdup (text->str) : NULL;
}

/**
 * gan_html_dup_script:
 * @node: (nullable): a script element
 *
 * Returns: (transfer full) (nullable): its source as written
 */
char *
gan_html_dup_script (GanHtmlNode *node)
{
  g_autofree char *script = NULL;
  xmlChar *content = node != NULL ? xmlNodeGetContent (node) : NULL;

  if (content == NULL)
    return NULL;
  script = g_strdup ((const char *) content);
  xmlFree (content);
  return g_steal_pointer (&script);
}

/**
 * gan_html_has_class:
 * @node: (nullable): an element
 * @name: a class
 *
 * Returns: whether the element is of that class
 */
gboolean
gan_html_has_class (GanHtmlNode *node, const char *name)
{
  return node != NULL && gan_selector_node_has_class (node, name);
}

/**
 * gan_html_get_ancestor:
 * @node: (nullable): an element
 * @selector: see gan-html.h
 *
 * Returns: (transfer none) (nullable): the nearest element above @node that fits
 */
GanHtmlNode *
gan_html_get_ancestor (GanHtmlNode *node, const char *selector)
{
  g_autoptr (GanSelector) compiled = gan_selector_new (selector);

  for (xmlNode *at = node != NULL ? node->parent : NULL; at != NULL; at = at->parent)
    {
      if (at->type == XML_ELEMENT_NODE && gan_selector_matches (compiled, at))
        return at;
    }
  return NULL;
}

/**
 * gan_html_dup_style_url:
 * @node: (nullable): an element
 *
 * Returns: (transfer full) (nullable): the first `url(…)` of its style attribute
 */
char *
gan_html_dup_style_url (GanHtmlNode *node)
{
  g_autofree char *style = gan_html_dup_attribute (node, "style");
  g_autofree char *url = NULL;
  char *begin = style != NULL ? strstr (style, "url(") : NULL;
  gsize length = 0;

  if (begin == NULL)
    return NULL;
  begin += strlen ("url(");
  begin += strspn (begin, " '\"");
  length = strcspn (begin, "'\")");
  if (length == 0)
    return NULL;
  url = g_strndup (begin, length);
  /* Sites escape what stands in an attribute twice at times. */
  return gan_text_html_unescape (url);
}

/**
 * gan_html_dup_meta:
 * @self: a document
 * @name: of a `<meta>`, as property, name or itemprop
 *
 * Returns: (transfer full) (nullable): the content of the first such element that has any
 */
char *
gan_html_dup_meta (GanHtml *self, const char *name)
{
  g_autoptr (GPtrArray) metas = gan_html_find_all (self, NULL, "meta[content]");
  static const char *const keys[] = { "property", "name", "itemprop" };

  for (guint i = 0; i < metas->len; i++)
    {
      xmlNode *meta = g_ptr_array_index (metas, i);

      for (guint k = 0; k < G_N_ELEMENTS (keys); k++)
        {
          g_autofree char *key = gan_html_dup_attribute (meta, keys[k]);
          g_autofree char *content = gan_html_dup_attribute (meta, "content");

          if (g_strcmp0 (key, name) == 0 && *g_strstrip (content) != '\0')
            return g_steal_pointer (&content);
        }
    }
  return NULL;
}

/**
 * gan_html_dup_base_url:
 * @self: a document
 *
 * Returns: (transfer full) (nullable): the href of its `<base>`, as written
 */
char *
gan_html_dup_base_url (GanHtml *self)
{
  return gan_html_dup_attribute (gan_html_find (self, NULL, "base[href]"), "href");
}

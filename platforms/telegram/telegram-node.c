/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "telegram-node.h"

#include <string.h>

#define VERIFIED_MARK "\u2714"

/**
 * gan_telegram_node_dup_text:
 * @page: a page
 * @scope: (nullable): look below this node only
 * @selector: see gan-html.h
 *
 * Returns: (transfer full) (nullable): the text of the first element that fits
 */
char *
gan_telegram_node_dup_text (GanHtml *page, GanHtmlNode *scope, const char *selector)
{
  return gan_html_dup_text (gan_html_find (page, scope, selector));
}

/**
 * gan_telegram_node_dup_address:
 * @text: (nullable): an address as an attribute has it
 *
 * Addresses are escaped once more than HTML asks for at times, and lack their scheme at times.
 *
 * Returns: (transfer full) (nullable): the address; NULL for what is none of http or https
 */
char *
gan_telegram_node_dup_address (const char *text)
{
  g_autofree char *unescaped = text != NULL ? gan_text_html_unescape (text) : NULL;
  g_autoptr (GanUrl) base = unescaped != NULL ? gan_url_parse (GAN_TELEGRAM_HOME, NULL) : NULL;
  g_autoptr (GanUrl) url = base != NULL ? gan_url_resolve (base, unescaped, NULL) : NULL;

  return url != NULL ? g_strdup (gan_url_get_string (url)) : NULL;
}

/**
 * gan_telegram_node_dup_src:
 * @node: (nullable): an element
 *
 * Returns: (transfer full) (nullable): the address in its src
 */
char *
gan_telegram_node_dup_src (GanHtmlNode *node)
{
  g_autofree char *text = gan_html_dup_attribute (node, "src");

  return gan_telegram_node_dup_address (text);
}

/**
 * gan_telegram_node_dup_picture:
 * @node: (nullable): an element
 *
 * Returns: (transfer full) (nullable): the address of the picture behind it, which its style names
 */
char *
gan_telegram_node_dup_picture (GanHtmlNode *node)
{
  g_autofree char *text = gan_html_dup_style_url (node);

  return gan_telegram_node_dup_address (text);
}

/**
 * gan_telegram_node_dup_name:
 * @page: a page
 * @node: (nullable): an element with the name of a channel
 *
 * Returns: (transfer full) (nullable): the name, without the mark of a verified one
 */
char *
gan_telegram_node_dup_name (GanHtml *page, GanHtmlNode *node)
{
  GanHtmlNode *span = node != NULL ? gan_html_find (page, node, "span") : NULL;
  char *name = gan_html_dup_text (span != NULL ? span : node);

  if (name != NULL && g_str_has_suffix (name, VERIFIED_MARK))
    name[strlen (name) - strlen (VERIFIED_MARK)] = '\0';
  return name != NULL ? g_strchomp (name) : NULL;
}

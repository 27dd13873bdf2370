/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-selector.h"

#include <string.h>

/* One condition on an element; text is lent by the selector's copy of its source. */
typedef struct
{
  enum
  {
    CONDITION_TAG,
    CONDITION_ID,
    CONDITION_CLASS,
    CONDITION_ATTRIBUTE,
  } kind;
  char *name;
  char comparison; /* '\0' present, '=' equal, '^' prefix, '*' contains */
  char *value;
} Condition;

typedef GArray Compound; /* of Condition: all of them hold for one element */
typedef GPtrArray Chain; /* of Compound: each below the one before */

struct _GanSelector
{
  GPtrArray *chains; /* any of them */
};

static void
condition_clear (gpointer data)
{
  Condition *condition = data;

  g_free (condition->name);
  g_free (condition->value);
}

static Compound *
compound_new (void)
{
  Compound *compound = g_array_new (FALSE, TRUE, sizeof (Condition));

  g_array_set_clear_func (compound, condition_clear);
  return compound;
}

/* Reads `[name]`, `[name=value]`, `[name^=value]`, `[name*=value]`, the value with or without
 * quotes. */
static const char *
parse_attribute (const char *p, Condition *condition)
{
  gsize length = strcspn (p, "=^*]");
  const char *end = NULL;

  condition->kind = CONDITION_ATTRIBUTE;
  condition->name = g_strndup (p, length);
  p += length;
  if (*p == '^' || *p == '*')
    condition->comparison = *p++;
  if (*p == '=')
    {
      if (condition->comparison == '\0')
        condition->comparison = '=';
      p++;
    }
  if (*p == '"' || *p == '\'')
    {
      end = strchr (p + 1, *p);
      condition->value = end != NULL ? g_strndup (p + 1, end - p - 1) : g_strdup ("");
      p = end != NULL ? end + 1 : p + strlen (p);
    }
  else
    {
      length = strcspn (p, "]");
      condition->value = g_strndup (p, length);
      p += length;
    }
  return *p == ']' ? p + 1 : p;
}

static const char *
parse_condition (const char *p, Condition *condition)
{
  gsize length = 0;

  if (*p == '[')
    return parse_attribute (p + 1, condition);
  condition->kind = *p == '.' ? CONDITION_CLASS : *p == '#' ? CONDITION_ID : CONDITION_TAG;
  if (condition->kind != CONDITION_TAG)
    p++;
  length = strcspn (p, ".#[ ,");
  condition->name = g_strndup (p, length);
  return p + length;
}

static Chain *
parse_chain (const char **position)
{
  Chain *chain = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  const char *p = *position;

  while (*p != '\0' && *p != ',')
    {
      Compound *compound = NULL;

      if (*p == ' ')
        {
          p++;
          continue;
        }
      compound = compound_new ();
      while (*p != '\0' && *p != ' ' && *p != ',')
        {
          Condition condition = { 0 };

          p = parse_condition (p, &condition);
          g_array_append_val (compound, condition);
        }
      g_ptr_array_add (chain, compound);
    }
  *position = p;
  return chain;
}

/**
 * gan_selector_new:
 * @text: a selector as gan-html.h describes it; written by us, never by a server
 *
 * Returns: (transfer full): the compiled selector
 */
GanSelector *
gan_selector_new (const char *text)
{
  GanSelector *self = g_new0 (GanSelector, 1);
  const char *p = text;

  self->chains = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  while (*p != '\0')
    {
      g_ptr_array_add (self->chains, parse_chain (&p));
      if (*p == ',')
        p++;
    }
  return self;
}

/**
 * gan_selector_free:
 * @self: (transfer full) (nullable): a selector
 */
void
gan_selector_free (GanSelector *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->chains);
  g_free (self);
}

/* The value as the tree holds it, without a copy: attributes of HTML are one text node. */
static const char *
peek_attribute (const xmlNode *node, const char *name)
{
  for (const xmlAttr *attribute = node->properties; attribute != NULL; attribute = attribute->next)
    {
      if (strcmp ((const char *) attribute->name, name) != 0)
        continue;
      return attribute->children != NULL && attribute->children->content != NULL
                 ? (const char *) attribute->children->content
                 : "";
    }
  return NULL;
}

/**
 * gan_selector_node_has_class:
 * @node: an element
 * @name: a class
 *
 * Returns: whether @name is one of the words of its class attribute
 */
gboolean
gan_selector_node_has_class (const xmlNode *node, const char *name)
{
  const char *classes = node->type == XML_ELEMENT_NODE ? peek_attribute (node, "class") : NULL;
  gsize length = strlen (name);

  while (classes != NULL && *classes != '\0')
    {
      gsize word = strcspn (classes, " \t\r\n\f");

      if (word == length && memcmp (classes, name, length) == 0)
        return TRUE;
      classes += word;
      classes += strspn (classes, " \t\r\n\f");
    }
  return FALSE;
}

static gboolean
attribute_holds (const Condition *condition, const xmlNode *node)
{
  const char *value = peek_attribute (node, condition->name);

  if (value == NULL)
    return FALSE;
  switch (condition->comparison)
    {
    case '=':
      return strcmp (value, condition->value) == 0;
    case '^':
      return g_str_has_prefix (value, condition->value);
    case '*':
      return strstr (value, condition->value) != NULL;
    default:
      return TRUE;
    }
}

static gboolean
condition_holds (const Condition *condition, const xmlNode *node)
{
  switch (condition->kind)
    {
    case CONDITION_TAG:
      return g_ascii_strcasecmp ((const char *) node->name, condition->name) == 0;
    case CONDITION_ID:
      return g_strcmp0 (peek_attribute (node, "id"), condition->name) == 0;
    case CONDITION_CLASS:
      return gan_selector_node_has_class (node, condition->name);
    case CONDITION_ATTRIBUTE:
    default:
      return attribute_holds (condition, node);
    }
}

static gboolean
compound_matches (const Compound *compound, const xmlNode *node)
{
  for (guint i = 0; i < compound->len; i++)
    {
      if (!condition_holds (&g_array_index (compound, Condition, i), node))
        return FALSE;
    }
  return compound->len > 0;
}

/* With descendants as the only relation, the nearest ancestor that fits is always as good as any.
 */
static gboolean
chain_matches (const Chain *chain, const xmlNode *node)
{
  guint i = chain->len;

  if (i == 0 || !compound_matches (g_ptr_array_index (chain, --i), node))
    return FALSE;
  for (node = node->parent; i > 0 && node != NULL; node = node->parent)
    {
      if (node->type == XML_ELEMENT_NODE
          && compound_matches (g_ptr_array_index (chain, i - 1), node))
        i--;
    }
  return i == 0;
}

/**
 * gan_selector_matches:
 * @self: a selector
 * @node: an element
 *
 * Returns: whether the element fits
 */
gboolean
gan_selector_matches (const GanSelector *self, const xmlNode *node)
{
  for (guint i = 0; i < self->chains->len; i++)
    {
      if (chain_matches (g_ptr_array_index (self->chains, i), node))
        return TRUE;
    }
  return FALSE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON text from nodes. json-glib's own generator writes 29.626 as 29.626000000000001, and 1e+20.0
 * and inf.0, which no reader takes. */
#include "config.h"

#include "gan-json.h"

#include <math.h>
#include <string.h>

static void
write_string (GString *out, const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  g_string_append_c (out, '"');
  for (const char *at = valid; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (c == '"' || c == '\\')
        g_string_append_printf (out, "\\%c", (char) c);
      else if (c == '\n')
        g_string_append (out, "\\n");
      else if (c == '\t')
        g_string_append (out, "\\t");
      else if (c == '\r')
        g_string_append (out, "\\r");
      /* Also what is harmless to a program but steers a terminal. */
      else if (g_unichar_iscntrl (c) || c == 0x2028 || c == 0x2029)
        g_string_append_printf (out, "\\u%04x", c);
      else
        g_string_append_unichar (out, c);
    }
  g_string_append_c (out, '"');
}

/* The shortest of the forms that read back as the same number. */
static void
write_double (GString *out, double number)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  char format[] = "%.15g";

  if (!isfinite (number))
    {
      g_string_append (out, "null");
      return;
    }
  g_ascii_formatd (text, sizeof text, format, number);
  for (char digit = '6'; digit <= '7' && g_ascii_strtod (text, NULL) != number; digit++)
    {
      format[3] = digit;
      g_ascii_formatd (text, sizeof text, format, number);
    }
  g_string_append (out, text);
  if (strpbrk (text, ".e") == NULL)
    g_string_append (out, ".0");
}

static void
write_value (GString *out, JsonNode *node)
{
  GType type = json_node_get_value_type (node);

  if (type == G_TYPE_STRING)
    write_string (out, json_node_get_string (node));
  else if (type == G_TYPE_BOOLEAN)
    g_string_append (out, json_node_get_boolean (node) ? "true" : "false");
  else if (type == G_TYPE_DOUBLE)
    write_double (out, json_node_get_double (node));
  else
    g_string_append_printf (out, "%" G_GINT64_FORMAT, json_node_get_int (node));
}

static void
write_break (GString *out, int indent)
{
  if (indent < 0)
    return;
  g_string_append_c (out, '\n');
  for (int i = 0; i < indent; i++)
    g_string_append (out, "  ");
}

static void write_node (GString *out, JsonNode *node, int indent);

static void
write_array (GString *out, JsonArray *array, int indent)
{
  int inner = indent < 0 ? indent : indent + 1;
  guint length = json_array_get_length (array);

  g_string_append_c (out, '[');
  for (guint i = 0; i < length; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      write_break (out, inner);
      write_node (out, json_array_get_element (array, i), inner);
    }
  if (length > 0)
    write_break (out, indent);
  g_string_append_c (out, ']');
}

static void
write_object (GString *out, JsonObject *object, int indent)
{
  int inner = indent < 0 ? indent : indent + 1;
  gboolean first = TRUE;
  JsonObjectIter iter;
  const char *name;
  JsonNode *member;

  g_string_append_c (out, '{');
  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &member))
    {
      if (!first)
        g_string_append_c (out, ',');
      first = FALSE;
      write_break (out, inner);
      write_string (out, name);
      g_string_append (out, indent < 0 ? ":" : ": ");
      write_node (out, member, inner);
    }
  if (!first)
    write_break (out, indent);
  g_string_append_c (out, '}');
}

static void
write_node (GString *out, JsonNode *node, int indent)
{
  switch (json_node_get_node_type (node))
    {
    case JSON_NODE_OBJECT:
      write_object (out, json_node_get_object (node), indent);
      break;
    case JSON_NODE_ARRAY:
      write_array (out, json_node_get_array (node), indent);
      break;
    case JSON_NODE_VALUE:
      write_value (out, node);
      break;
    case JSON_NODE_NULL:
    default:
      g_string_append (out, "null");
      break;
    }
}

/**
 * gan_json_to_string:
 * @node: what to write
 * @pretty: over several lines, indented by two spaces; else without any white space
 *
 * Writes JSON that every reader takes: doubles in the shortest form that reads back the same, those
 * that are not finite as null, control characters escaped.
 *
 * Returns: (transfer full): the text, without a newline at its end
 */
char *
gan_json_to_string (JsonNode *node, gboolean pretty)
{
  GString *out;

  g_return_val_if_fail (node != NULL, NULL);

  out = g_string_new (NULL);
  write_node (out, node, pretty ? 0 : -1);
  return g_string_free (out, FALSE);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-error.h"
#include "gan-json.h"
#include "gan-limits.h"
#include "gan-record.h"

#include <math.h>
#include <string.h>

static JsonNode *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  JsonNode *node = gan_json_parse (text, -1, GAN_LIMIT_JSON_BYTES, GAN_LIMIT_JSON_DEPTH, &error);

  g_assert_no_error (error);
  g_assert_nonnull (node);
  return node;
}

static void
assert_refused (const char *data, gssize length, const char *reason)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node
      = gan_json_parse (data, length, GAN_LIMIT_JSON_BYTES, GAN_LIMIT_JSON_DEPTH, &error);

  g_assert_null (node);
  g_assert_error (error, GAN_ERROR, GAN_ERROR_INVALID_DATA);
  g_assert_cmpstr (gan_error_get_reason (error), ==, reason);
}

/* Accepted, and what it is written as. */
static void
test_accepted (void)
{
  static const struct
  {
    const char *text;
    const char *written;
  } cases[] = {
    { "null", "null" },
    { " true ", "true" },
    { "\xef\xbb\xbf{}", "{}" },
    { "{}", "{}" },
    { "[ ]", "[]" },
    { "[1,-2,0,-0,1.5,29.626,213.0,1e2,1E-2]", "[1,-2,0,0,1.5,29.626,213.0,100.0,0.01]" },
    { "{\"b\":1,\"a\":{\"c\":[null,false]}}", "{\"b\":1,\"a\":{\"c\":[null,false]}}" },
    { "{\"a\":1,\"a\":2}", "{\"a\":2}" },
    { "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00\"",
      "\"\\\"\\\\/\\u0008\\u000c\\n\\r\\t\xc3\xa9\xf0\x9f\x98\x80\"" },
    { "\"]}[{,:\\\"\"", "\"]}[{,:\\\"\"" },
    { "9223372036854775807", "9223372036854775807" },
    { "-9223372036854775807", "-9223372036854775807" },
    { "9223372036854775808", "9.223372036854776e+18" },
    { "[18446744073709551615,-99999999999999999999]", "[1.8446744073709552e+19,-1e+20]" },
    { "1e400", "null" },
    { "1e20", "1e+20" },
    /* half a surrogate pair, and a NUL that a C string would end at */
    { "[\"a\\ud800b\",\"\\udc00\",\"\\ud800\\u0041\",\"a\\u0000b\"]",
      "[\"a\xef\xbf\xbd"
      "b\",\"\xef\xbf\xbd\",\"\xef\xbf\xbd"
      "A\",\"a\xef\xbf\xbd"
      "b\"]" },
    { "\"\x7f\xc2\x9b\xe2\x80\xa8\"", "\"\\u007f\\u009b\\u2028\"" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (JsonNode) node = NULL;
      g_autoptr (JsonNode) again = NULL;
      g_autofree char *written = NULL;

      g_test_message ("case %" G_GSIZE_FORMAT, i);
      node = parse (cases[i].text);
      written = gan_json_to_string (node, FALSE);
      g_assert_cmpstr (written, ==, cases[i].written);
      again = parse (written);
    }
}

static void
test_refused (void)
{
  static const char *const cases[] = {
    "",
    " ",
    "[",
    "]",
    "{",
    "[1,]",
    "[,1]",
    "[1 2]",
    "{\"a\"}",
    "{\"a\":}",
    "{\"a\":1,}",
    "{a:1}",
    "{1:2}",
    "[1]x",
    "[1][2]",
    "nul",
    "True",
    "NaN",
    "[NaN]",
    "Infinity",
    "-Infinity",
    "[-]",
    "+1",
    "01",
    "-01",
    "1.",
    ".5",
    "1e",
    "1e+",
    "0x10",
    "'a'",
    "\"a",
    "\"\\x\"",
    "\"\\u12\"",
    "\"\\u12g4\"",
    "\"a\nb\"",
    "\"\\",
    "/*c*/[1]",
    "//c\n[1]",
    "var a = {};",
    "<html></html>",
    "callback({})",
    "\"\\ud800",
    "[1\x0b]",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i]);
      assert_refused (cases[i], -1, "json-syntax");
    }
  assert_refused ("[1\0]", 4, "json-encoding");
  assert_refused ("[1]\0", 4, "json-encoding");
  assert_refused ("[\"\xff\"]", -1, "json-encoding");
  assert_refused ("[\"\xed\xa0\x80\"]", -1, "json-encoding");
  assert_refused ("[\"\xc3", -1, "json-encoding");
  assert_refused (NULL, 0, "json-syntax");
}

static char *
repeat (const char *piece, gsize times)
{
  GString *out = g_string_new (NULL);

  for (gsize i = 0; i < times; i++)
    g_string_append (out, piece);
  return g_string_free (out, FALSE);
}

/* H09: what nests deeply or is huge ends in a typed error, in less than a second. */
static void
test_bounds (void)
{
  static const char *const pieces[] = { "[", "{\"a\":", "[{\"a\":", "[[],", "{\"a\":{},\"b\":" };
  g_autofree char *deep_open = repeat ("[", GAN_LIMIT_JSON_DEPTH);
  g_autofree char *deep_close = repeat ("]", GAN_LIMIT_JSON_DEPTH);
  g_autofree char *deepest = g_strconcat (deep_open, deep_close, NULL);
  g_autofree char *deeper = g_strconcat ("[", deepest, "]", NULL);
  g_autofree char *digits = g_strnfill (1000000, '9');
  g_autofree char *brackets = g_strnfill (1000, '[');
  g_autofree char *string = g_strconcat ("\"", brackets, "\\\"", brackets, "\"", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) at_limit = parse (deepest);
  g_autoptr (JsonNode) huge_number = parse (digits);
  g_autoptr (JsonNode) in_string = parse (string);

  g_assert_nonnull (json_node_get_string (in_string));
  g_assert_cmpint (gan_json_get_int (huge_number, NULL), ==, GAN_UNKNOWN);
  g_assert_cmpfloat (gan_json_get_double (huge_number, NULL), ==, GAN_UNKNOWN);
  assert_refused (deeper, -1, "json-too-deep");

  for (gsize i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      g_autofree char *nested = repeat (pieces[i], 1000000);
      gint64 start = g_get_monotonic_time ();

      assert_refused (nested,
                      (gssize) MIN (strlen (nested), GAN_LIMIT_JSON_BYTES),
                      "json-too-deep");
      g_assert_cmpint (g_get_monotonic_time () - start, <, G_USEC_PER_SEC);
    }

  g_assert_null (gan_json_parse ("[1234]", -1, 5, 10, &error));
  g_assert_error (error, GAN_ERROR, GAN_ERROR_INVALID_DATA);
  g_assert_cmpstr (gan_error_get_reason (error), ==, "json-too-large");
  g_clear_error (&error);
  /* No caller can ask for more than the stack holds. */
  g_assert_null (gan_json_parse (brackets, -1, G_MAXSIZE, G_MAXUINT, &error));
  g_assert_cmpstr (gan_error_get_reason (error), ==, "json-too-deep");
}

static void
test_no_content_in_error (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (gan_json_parse ("{\"secret\": hunter2}", -1, 1000, 10, &error));
  g_assert_null (strstr (error->message, "hunter2"));
  g_assert_null (strstr (error->message, "secret"));
}

static void
test_find (void)
{
  g_autoptr (JsonNode) root = parse ("{\"a\":{\"b\":[{\"c\":\"x\"},{\"c\":\"y\"},{\"d\":1},7]},"
                                     "\"e\":null,\"n\":[[1,2],[3]],\"$p-q\":5}");
  static const char *const absent[]
      = { "x",       "a.x",   "a.b[4]", "a.b[0].c.d", "a.b[0][0]",
          "a[0]",    "a.b.c", "e.x",    ".a",         "a.",
          "a..b",    "a.b[",  "a.b[x]", "a.b[-1]",    "a.b[0",
          "a.b[0]c", "a.b[]", "a.b[*]", "]",          "a.b[99999999999999999999]" };
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GPtrArray) nested = NULL;
  g_autoptr (GPtrArray) none = NULL;
  g_autoptr (GPtrArray) whole = NULL;

  g_assert_true (gan_json_find (root, NULL) == root);
  g_assert_true (gan_json_find (root, "") == root);
  g_assert_null (gan_json_find (NULL, "a"));
  g_assert_true (JSON_NODE_HOLDS_NULL (gan_json_find (root, "e")));
  g_assert_cmpstr (gan_json_get_string (root, "a.b[1].c"), ==, "y");
  g_assert_cmpint (gan_json_get_int (root, "n[1][0]"), ==, 3);
  g_assert_cmpint (gan_json_get_int (root, "$p-q"), ==, 5);
  for (gsize i = 0; i < G_N_ELEMENTS (absent); i++)
    {
      g_test_message ("%s", absent[i]);
      g_assert_null (gan_json_find (root, absent[i]));
    }

  all = gan_json_find_all (root, "a.b[*].c");
  g_assert_cmpuint (all->len, ==, 2);
  g_assert_cmpstr (gan_json_get_string (all->pdata[1], NULL), ==, "y");
  nested = gan_json_find_all (root, "n[*][*]");
  g_assert_cmpuint (nested->len, ==, 3);
  none = gan_json_find_all (root, "a[*].c");
  g_assert_cmpuint (none->len, ==, 0);
  whole = gan_json_find_all (root, NULL);
  g_assert_cmpuint (whole->len, ==, 1);
}

static void
test_find_bounded (void)
{
  g_autofree char *entries = repeat ("1,", GAN_LIMIT_JSON_FOUND);
  g_autofree char *list = g_strconcat ("[", entries, "1]", NULL);
  g_autofree char *long_path = g_strnfill (GAN_LIMIT_JSON_PATH_BYTES + 1, 'a');
  g_autofree char *path = g_strnfill (GAN_LIMIT_JSON_PATH_BYTES, 'a');
  g_autoptr (JsonNode) root = parse (list);
  g_autoptr (GPtrArray) found = gan_json_find_all (root, "[*]");

  g_assert_cmpuint (found->len, ==, GAN_LIMIT_JSON_FOUND);
  g_assert_true (gan_json_path_is_valid (path));
  g_assert_false (gan_json_path_is_valid (long_path));
  g_assert_true (gan_json_path_is_valid ("a[*].b[0]"));
  g_assert_true (gan_json_path_is_valid (NULL));
  g_assert_false (gan_json_path_is_valid ("a[*"));
}

/* Wrong types come back as absent, and json-glib is not made to complain (warnings are fatal). */
static void
test_typed_getters (void)
{
  g_autoptr (JsonNode) root
      = parse ("{\"s\":\"text\",\"d\":\"12\",\"i\":12,\"w\":12.0,\"f\":12.5,\"t\":true,"
               "\"n\":null,\"a\":[1],\"o\":{\"k\":1},\"h\":1e300,\"x\":\"1.5\",\"y\":\"1.5x\","
               "\"z\":\"99999999999999999999\",\"inf\":1e999,\"m\":\"inf\",\"e\":\"\"}");
  static const char *const keys[] = { "s", "d", "i", "w", "f", "t", "n", "a", "o", "h", "gone" };
  static const gint64 ints[] = { -1, 12, 12, 12, -1, -1, -1, -1, -1, -1, -1 };
  static const double doubles[] = { -1, 12, 12, 12, 12.5, -1, -1, -1, -1, 1e300, -1 };

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      const char *key = keys[i];

      g_test_message ("%s", key);
      g_assert_cmpint (gan_json_get_int (root, key), ==, ints[i]);
      g_assert_cmpfloat (gan_json_get_double (root, key), ==, doubles[i]);
      g_assert_cmpint (gan_json_get_string (root, key) != NULL, ==, *key == 's' || *key == 'd');
      g_assert_cmpint (gan_json_get_boolean (root, key), ==, *key == 't');
      g_assert_cmpint (gan_json_get_array (root, key) != NULL, ==, *key == 'a');
      g_assert_cmpint (gan_json_get_object (root, key) != NULL, ==, *key == 'o');
    }
  g_assert_cmpfloat (gan_json_get_double (root, "x"), ==, 1.5);
  g_assert_cmpfloat (gan_json_get_double (root, "y"), ==, GAN_UNKNOWN);
  g_assert_cmpfloat (gan_json_get_double (root, "e"), ==, GAN_UNKNOWN);
  g_assert_cmpfloat (gan_json_get_double (root, "inf"), ==, GAN_UNKNOWN);
  g_assert_cmpfloat (gan_json_get_double (root, "m"), ==, GAN_UNKNOWN);
  g_assert_cmpint (gan_json_get_int (root, "z"), ==, GAN_UNKNOWN);
  g_assert_cmpint (gan_json_get_int (root, "inf"), ==, GAN_UNKNOWN);
  g_assert_cmpint (gan_json_get_int (NULL, "i"), ==, GAN_UNKNOWN);
}

static void
test_copy (void)
{
  g_autoptr (JsonNode) root
      = parse ("{\"b\":[1,2.5,\"x\",true,null,[],{}],\"a\":{\"k\":[{\"l\":1}]}}");
  g_autoptr (JsonNode) copy = gan_json_copy (root);
  g_autofree char *text = gan_json_to_string (root, FALSE);
  g_autofree char *copied = NULL;
  g_autofree char *changed = NULL;

  json_node_seal (root);
  copied = gan_json_to_string (copy, FALSE);
  g_assert_cmpstr (copied, ==, text);
  json_object_set_int_member (gan_json_get_object (copy, "a.k[0]"), "l", 2);
  changed = gan_json_to_string (root, FALSE);
  g_assert_cmpstr (changed, ==, text);
}

static void
test_pretty (void)
{
  g_autoptr (JsonNode) root = parse ("{\"a\":[1,{\"b\":[]}],\"c\":{}}");
  g_autofree char *text = gan_json_to_string (root, TRUE);

  g_assert_cmpstr (text,
                   ==,
                   "{\n  \"a\": [\n    1,\n    {\n      \"b\": []\n    }\n  ],\n  \"c\": {}\n}");
}

/* Text close to JSON: what is accepted can be written and read again, nothing crashes. */
static void
test_garbage (void)
{
  static const char *const pieces[] = { "{",
                                        "}",
                                        "[",
                                        "]",
                                        ",",
                                        ":",
                                        "\"a\"",
                                        "\"\\u",
                                        "d800",
                                        "\"",
                                        "1",
                                        "-",
                                        ".5",
                                        "e9",
                                        "true",
                                        "null",
                                        " ",
                                        "\\",
                                        "99999999999999999999",
                                        "\xc3\xa9",
                                        "\xff" };

  for (guint round = 0; round < 20000; round++)
    {
      g_autoptr (GString) text = g_string_new (g_test_rand_bit () ? "[" : "");
      g_autoptr (JsonNode) node = NULL;
      int n = g_test_rand_int_range (0, 8);

      for (int i = 0; i < n; i++)
        g_string_append (text, pieces[g_test_rand_int_range (0, G_N_ELEMENTS (pieces))]);
      if (text->str[0] == '[')
        g_string_append_c (text, ']');
      node = gan_json_parse (text->str, (gssize) text->len, 1000, 5, NULL);
      if (node != NULL)
        {
          g_autofree char *written = gan_json_to_string (node, FALSE);
          g_autoptr (JsonNode) again = parse (written);
          g_autofree char *written_again = gan_json_to_string (again, FALSE);

          g_assert_cmpstr (written, ==, written_again);
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json/accepted", test_accepted);
  g_test_add_func ("/json/refused", test_refused);
  g_test_add_func ("/json/bounds", test_bounds);
  g_test_add_func ("/json/no-content-in-error", test_no_content_in_error);
  g_test_add_func ("/json/find", test_find);
  g_test_add_func ("/json/find-bounded", test_find_bounded);
  g_test_add_func ("/json/typed-getters", test_typed_getters);
  g_test_add_func ("/json/copy", test_copy);
  g_test_add_func ("/json/pretty", test_pretty);
  g_test_add_func ("/json/garbage", test_garbage);
  return g_test_run ();
}

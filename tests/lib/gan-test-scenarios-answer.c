/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-test-file.h"
#include "gan-test-scenarios.h"

#include <json-glib/json-glib.h>
#include <string.h>

/**
 * gan_test_exchange_reply:
 * @exchange: an exchange
 * @status: status code
 * @content_type: (nullable): its type
 * @body: text of the body
 *
 * A whole answer with its length; the connection stays.
 */
void
gan_test_exchange_reply (GanTestExchange *exchange,
                         guint status,
                         const char *content_type,
                         const char *body)
{
  gsize length = strlen (body);

  gan_test_exchange_printf (exchange,
                            "HTTP/1.1 %u Answer\r\nContent-Length: %" G_GSIZE_FORMAT "\r\n",
                            status,
                            length);
  if (content_type != NULL)
    gan_test_exchange_printf (exchange, "Content-Type: %s\r\n", content_type);
  gan_test_exchange_printf (exchange, "\r\n");
  if (!g_str_equal (gan_test_exchange_get_request (exchange)->method, "HEAD"))
    gan_test_exchange_write (exchange, body, length);
}

/**
 * gan_test_exchange_serve_bytes:
 * @exchange: an exchange
 * @body: a file of the test's own
 *
 * Serves it as the scenario "file" would, with the same parameters.
 */
void
gan_test_exchange_serve_bytes (GanTestExchange *exchange, GBytes *body)
{
  g_auto (GanTestFile) file = { NULL };

  gan_test_file_init (&file, exchange);
  g_bytes_unref (file.bytes);
  file.bytes = g_bytes_ref (body);
  gan_test_file_serve (&file, exchange);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (a, b);
}

static void
add_text (JsonBuilder *builder, const char *name, const char *value)
{
  g_autofree char *valid = g_utf8_make_valid (value, -1);

  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, valid);
}

static void
add_headers (JsonBuilder *builder, GHashTable *headers)
{
  GList *names = g_list_sort (g_hash_table_get_keys (headers), compare_names);
  GList *l;

  json_builder_set_member_name (builder, "headers");
  json_builder_begin_object (builder);
  for (l = names; l != NULL; l = l->next)
    add_text (builder, l->data, g_hash_table_lookup (headers, l->data));
  json_builder_end_object (builder);
  g_list_free (names);
}

/* The request itself: {"method", "target", "headers": {lower-case names}, "body", "connection"}. */
static void
run_echo (GanTestExchange *exchange)
{
  const GanTestRequest *request = gan_test_exchange_get_request (exchange);
  gsize length = 0;
  const char *data = g_bytes_get_data (request->body, &length);
  g_autofree char *body = g_strndup (data == NULL ? "" : data, length);
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;

  json_builder_begin_object (builder);
  add_text (builder, "method", request->method);
  add_text (builder, "target", request->target);
  add_headers (builder, request->headers);
  add_text (builder, "body", body);
  json_builder_set_member_name (builder, "connection");
  json_builder_add_int_value (builder, request->connection);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, FALSE);
  gan_test_exchange_reply (exchange, 200, "application/json", text);
}

/* Sets the cookie of the parameter cookie ("sid=secret; Path=/"), and up to nine more: cookie1 …
 * cookie9. */
static void
run_set_cookie (GanTestExchange *exchange)
{
  const char *cookie = gan_test_exchange_get_text (exchange, "cookie", "sid=secret; Path=/");
  guint i;

  gan_test_exchange_printf (exchange, "HTTP/1.1 200 OK\r\nSet-Cookie: %s\r\n", cookie);
  for (i = 1; i <= 9; i++)
    {
      g_autofree char *key = g_strdup_printf ("cookie%u", i);
      const char *more = gan_test_exchange_get_text (exchange, key, NULL);

      if (more != NULL)
        gan_test_exchange_printf (exchange, "Set-Cookie: %s\r\n", more);
    }
  gan_test_exchange_printf (exchange, "Content-Length: 0\r\n\r\n");
}

/* A page. title: its title; head and body: more of it, as markup; pad: bytes of a comment */
static void
run_html (GanTestExchange *exchange)
{
  g_autofree char *pad = g_strnfill (gan_test_exchange_get_number (exchange, "pad", 0), '.');
  g_autofree char *page
      = g_strdup_printf ("<!DOCTYPE html>\n<html><head><title>%s</title>%s</head>\n"
                         "<body><p>A page.</p>%s<!--%s--></body></html>\n",
                         gan_test_exchange_get_text (exchange, "title", "A page"),
                         gan_test_exchange_get_text (exchange, "head", ""),
                         gan_test_exchange_get_text (exchange, "body", ""),
                         pad);

  gan_test_exchange_reply (exchange, 200, "text/html; charset=utf-8", page);
}

/* JSON. depth: that many opening brackets and as many closing ones; size: length of a string in it;
 * else {"ok": true} */
static void
run_json (GanTestExchange *exchange)
{
  gint64 depth = gan_test_exchange_get_number (exchange, "depth", 0);
  g_autofree char *pad = g_strnfill (gan_test_exchange_get_number (exchange, "size", 0), 'x');
  g_autofree char *open = g_strnfill (depth, '[');
  g_autofree char *shut = g_strnfill (depth, ']');
  g_autofree char *text = depth > 0 ? g_strdup_printf ("%s%s", open, shut)
                                    : g_strdup_printf ("{\"ok\": true, \"pad\": \"%s\"}", pad);

  gan_test_exchange_reply (exchange, 200, "application/json", text);
}

/* Values of Content-Disposition that have hurt others; contracts.md and RFC 6266 say what a name is
 * made of. */
static const char *const dispositions[] = {
  "attachment; filename=\"../../escape.bin\"",
  "attachment; filename=\"/etc/passwd\"",
  "attachment; filename=\".bashrc\"",
  "attachment; filename=\"a\tb\x01"
  "c.bin\"",
  "attachment; filename=\"..\\\\..\\\\escape.bin\"",
  "attachment; filename=\"LLLLLLLL\"", /* stands for 400 letters, see below */
  "attachment; filename=\"-rf\"",
  "attachment; filename=\"red\x1b[31m.bin\"",
  "attachment; filename=\"video.desktop\"",
  "attachment; filename*=UTF-8''clip%E2%80%AEgpm.exe",
  "attachment; filename*=UTF-8''..%2F..%2Fescape.bin",
  "attachment; filename=\"..\"",
  "attachment; filename=\"\"",
  "attachment; filename=\"%2e%2e%2fescape.bin\"",
  "attachment; filename=\"caf\xe9.bin\"",
  "attachment; filename*=UTF-8''film%F0%9F%8E%AC.bin",
  "attachment; filename*=UTF-8''a%00b%0Ac.bin",
  "attachment; filename=\"CON.txt\"",
  "attachment; filename=\"dots and spaces. . .\"",
  "attachment; filename=plain.bin; filename*=UTF-8''better%20name.bin",
  "attachment; filename=\"a/b/c.bin\"",
  "attachment; filename=\".\"",
  "attachment; filename*=ISO-8859-1''caf%E9.bin",
  "attachment; filename=\"quoted \\\"inside\\\".bin\"",
  "inline",
};

/* The file under the n-th of the values above: /cd/5. Beyond the last: 404. */
static void
run_cd (GanTestExchange *exchange)
{
  const char *number = strstr (gan_test_exchange_get_request (exchange)->target, "/cd/");
  guint64 index = number == NULL ? 0 : g_ascii_strtoull (number + strlen ("/cd/"), NULL, 10);
  g_autofree char *letters = g_strnfill (400, 'L');
  g_autofree char *lengthy = g_strdup_printf ("attachment; filename=\"%s.bin\"", letters);
  g_auto (GanTestFile) file = { NULL };

  if (index >= G_N_ELEMENTS (dispositions))
    {
      gan_test_exchange_reply (exchange, 404, "text/plain", "no more names\n");
      return;
    }
  gan_test_file_init (&file, exchange);
  file.disposition = index == 5 ? lengthy : dispositions[index];
  gan_test_file_serve (&file, exchange);
}

const GanTestScenario gan_test_answer_scenarios[] = {
  { "echo", run_echo }, { "set_cookie", run_set_cookie },
  { "html", run_html }, { "json", run_json },
  { "cd", run_cd },     { NULL, NULL },
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One run against a server that misbehaves: lengths, endings, errors, names. */
#include "config.h"

#include "gan-error.h"
#include "gan-limits.h"
#include "gan-test-transfer.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#define SIZE 1048576

static guint
count (GanTestTransfer *self, const char *scenario)
{
  return gan_test_server_count (self->server, scenario);
}

static void
test_plain (GanTestTransfer *self, gconstpointer data)
{
  gan_test_transfer_assert_fetched (self, "/file/a.bin", "a.bin", SIZE, 1, GAN_VERIFIED_LENGTH);
  g_assert_cmpuint (count (self, NULL), ==, 1);
  g_assert_cmpint (self->last.total, ==, SIZE);
  g_assert_false (self->went_back);
}

static void
test_empty (GanTestTransfer *self, gconstpointer data)
{
  gan_test_transfer_assert_fetched (self, "/file/a.bin?size=0", "a.bin", 0, 1, GAN_VERIFIED_LENGTH);
}

/* The first request asks for a range, and for no encoding; no HEAD is sent. */
static void
test_request (GanTestTransfer *self, gconstpointer data)
{
  g_autoptr (GPtrArray) requests = NULL;
  const GanTestRequest *request = NULL;

  gan_test_transfer_assert_fetched (self,
                                    "/head_differs/a.bin",
                                    "a.bin",
                                    SIZE,
                                    1,
                                    GAN_VERIFIED_LENGTH);
  requests = gan_test_server_dup_requests (self->server, NULL);
  g_assert_cmpuint (requests->len, ==, 1);
  request = g_ptr_array_index (requests, 0);
  g_assert_cmpstr (request->method, ==, "GET");
  g_assert_cmpstr (g_hash_table_lookup (request->headers, "range"), ==, "bytes=0-");
  g_assert_cmpstr (g_hash_table_lookup (request->headers, "accept-encoding"), ==, "identity");
  g_assert_null (g_hash_table_lookup (request->headers, "if-range"));
}

static void
test_trunc_once (GanTestTransfer *self, gconstpointer data)
{
  gan_test_transfer_assert_fetched (self,
                                    "/trunc_once/a.bin",
                                    "a.bin",
                                    SIZE,
                                    1,
                                    GAN_VERIFIED_LENGTH);
  g_assert_cmpuint (count (self, NULL), ==, 2);
  g_assert_false (self->went_back);
  g_assert_cmpuint (gan_test_server_get_body_bytes (self->server),
                    <=,
                    SIZE + GAN_LIMIT_OVERLAP_BYTES);
}

static void
test_trunc_always (GanTestTransfer *self, gconstpointer data)
{
  gan_test_transfer_assert_fetched (self,
                                    "/trunc_always/a.bin",
                                    "a.bin",
                                    SIZE,
                                    1,
                                    GAN_VERIFIED_LENGTH);
  /* Each of the later answers has the overlap in it. */
  g_assert_cmpuint (count (self, NULL), <=, 16);
  g_assert_false (self->went_back);
  g_assert_cmpint (gan_fake_clock_get_waited (GAN_FAKE_CLOCK (self->clock)), ==, 0);
}

/* Few bytes on each connection, but some: the budget begins anew every time. */
static void
test_few_bytes (GanTestTransfer *self, gconstpointer data)
{
  gan_test_transfer_assert_fetched (self,
                                    "/file/a.bin?cut=75776&cuts=999",
                                    "a.bin",
                                    SIZE,
                                    1,
                                    GAN_VERIFIED_LENGTH);
  g_assert_cmpint (gan_fake_clock_get_waited (GAN_FAKE_CLOCK (self->clock)),
                   >,
                   2 * GAN_LIMIT_RETRY_SECONDS * G_USEC_PER_SEC);
}

/* A head and not one byte: there is nothing to keep. */
static void
test_no_byte (GanTestTransfer *self, gconstpointer data)
{
  gan_test_transfer_assert_fails (self, "/file/a.bin?cut=0&cuts=999", GAN_ERROR_TRUNCATED, NULL);
  gan_test_transfer_assert_names (self, "");
}

/* To another origin, with the range, and again after a cut. */
static void
test_redirected (GanTestTransfer *self, gconstpointer data)
{
  g_autofree char *target
      = g_strdup_printf ("/redir_to/x?url=http://localhost:%u/file/a.bin?cut%%3D300000",
                         gan_test_server_get_port (self->server));

  gan_test_transfer_assert_fetched (self, target, "a.bin", SIZE, 1, GAN_VERIFIED_LENGTH);
  g_assert_cmpuint (count (self, "redir_to"), ==, 2);
  g_assert_cmpuint (count (self, "file"), ==, 2);
}

static void
test_chunked (GanTestTransfer *self, gconstpointer data)
{
  gan_test_transfer_assert_fetched (self, "/chunked/a.bin", "a.bin", SIZE, 1, GAN_VERIFIED_NONE);
}

static void
test_chunked_ranges (GanTestTransfer *self, gconstpointer data)
{
  gan_test_transfer_assert_fetched (self,
                                    "/chunked/a.bin?ranges=1",
                                    "a.bin",
                                    SIZE,
                                    1,
                                    GAN_VERIFIED_LENGTH);
}

static void
test_chunk_trunc (GanTestTransfer *self, gconstpointer data)
{
  gan_test_transfer_assert_fails (self, "/chunk_trunc/a.bin", GAN_ERROR_TRUNCATED, NULL);
  gan_test_transfer_assert_names (self, "a.bin.part a.bin.part.json");
  gan_test_transfer_assert_fails (self, "/chunk_midcut/a.bin", GAN_ERROR_TRUNCATED, NULL);
}

static void
test_chunk_trunc_once (GanTestTransfer *self, gconstpointer data)
{
  gan_test_transfer_assert_fetched (self,
                                    "/chunk_trunc/a.bin?times=1&ranges=1",
                                    "a.bin",
                                    SIZE,
                                    1,
                                    GAN_VERIFIED_LENGTH);
}

static void
test_chunk_midcut_once (GanTestTransfer *self, gconstpointer data)
{
  gan_test_transfer_assert_fetched (self,
                                    "/chunk_midcut/a.bin?times=1&ranges=1",
                                    "a.bin",
                                    SIZE,
                                    1,
                                    GAN_VERIFIED_LENGTH);
}

/* Without ranges there is one more try from the beginning. */
static void
test_chunk_trunc_no_ranges (GanTestTransfer *self, gconstpointer data)
{
  gan_test_transfer_assert_fetched (self,
                                    "/chunk_trunc/a.bin?times=1",
                                    "a.bin",
                                    SIZE,
                                    1,
                                    GAN_VERIFIED_NONE);
}

static void
test_close_delim (GanTestTransfer *self, gconstpointer data)
{
  gan_test_transfer_assert_fetched (self,
                                    "/close_delim/a.bin",
                                    "a.bin",
                                    SIZE,
                                    1,
                                    GAN_VERIFIED_NONE);
}

/* The same, where the server can be asked for more. */
static void
test_close_delim_cut (GanTestTransfer *self, gconstpointer data)
{
  gan_test_transfer_assert_fetched (self,
                                    "/close_delim/a.bin?ranges=1&at=600000&cut=1",
                                    "a.bin",
                                    SIZE,
                                    1,
                                    GAN_VERIFIED_LENGTH);
}

static void
test_encoded (GanTestTransfer *self, gconstpointer data)
{
  gan_test_transfer_assert_fails (self, "/gz/a.bin", GAN_ERROR_INVALID_DATA, "content-encoding");
  gan_test_transfer_assert_fails (self,
                                  "/gz_trunc/a.bin",
                                  GAN_ERROR_INVALID_DATA,
                                  "content-encoding");
  gan_test_transfer_assert_names (self, "");
}

/* S34: a file that is a .gz itself stays as it was sent. */
static void
test_encoded_itself (GanTestTransfer *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GanTransferResult) by_type = gan_test_transfer_run (self, "/gz_file/a.bin", &error);
  g_autoptr (GanTransferResult) by_name
      = gan_test_transfer_run (self, "/gz_file/b.tar.gz?type=text/plain", &error);
  g_autoptr (GBytes) a = NULL;
  g_autoptr (GBytes) b = NULL;

  g_assert_no_error (error);
  gan_test_transfer_assert_names (self, "a.bin b.tar.gz");
  a = gan_test_folder_load (self->folder, "a.bin");
  b = gan_test_folder_load (self->folder, "b.tar.gz");
  g_assert_true (g_bytes_equal (a, b));
  g_assert_cmpmem (g_bytes_get_data (a, NULL), 2, "\x1f\x8b", 2);
}

static void
test_bad_length (GanTestTransfer *self, gconstpointer data)
{
  gan_test_transfer_assert_fails (self, "/cl_huge/a.bin", GAN_ERROR_INVALID_DATA, NULL);
  gan_test_transfer_assert_fails (self, "/dup_cl/a.bin", GAN_ERROR_INVALID_DATA, NULL);
  gan_test_transfer_assert_fails (self, "/dup_cl/a.bin?list=1", GAN_ERROR_INVALID_DATA, NULL);
  gan_test_transfer_assert_names (self, "");
}

static void
test_length_lies_big (GanTestTransfer *self, gconstpointer data)
{
  gan_test_transfer_assert_fails (self, "/cl_lie_big/a.bin", GAN_ERROR_NO_SPACE, NULL);
  gan_test_transfer_assert_names (self, "");
  self->options.max_bytes = SIZE;
  gan_test_transfer_assert_fails (self, "/cl_lie_big/a.bin", GAN_ERROR_TOO_LARGE, NULL);
  gan_test_transfer_assert_names (self, "");
}

static void
test_surplus (GanTestTransfer *self, gconstpointer data)
{
  gan_test_transfer_assert_fetched (self, "/cl_small/a.bin", "a.bin", 1000, 1, GAN_VERIFIED_LENGTH);
}

static void
test_length_and_chunks (GanTestTransfer *self, gconstpointer data)
{
  gan_test_transfer_assert_fetched (self, "/cl_te/a.bin", "a.bin", SIZE, 1, GAN_VERIFIED_NONE);
}

static void
test_too_large (GanTestTransfer *self, gconstpointer data)
{
  self->options.max_bytes = SIZE - 1;
  gan_test_transfer_assert_fails (self, "/file/a.bin", GAN_ERROR_TOO_LARGE, NULL);
  gan_test_transfer_assert_names (self, "");
  self->options.max_bytes = SIZE;
  gan_test_transfer_assert_fetched (self, "/file/a.bin", "a.bin", SIZE, 1, GAN_VERIFIED_LENGTH);
}

static void
test_endless (GanTestTransfer *self, gconstpointer data)
{
  self->options.max_bytes = 3 * SIZE;
  gan_test_transfer_assert_fails (self, "/endless_body/a.bin", GAN_ERROR_TOO_LARGE, NULL);
  g_assert_cmpint (self->most, <=, 4 * SIZE);
}

static void
test_not_http (GanTestTransfer *self, gconstpointer data)
{
  gan_test_transfer_assert_fails (self, "/endless_hdr/a.bin", GAN_ERROR_INVALID_DATA, NULL);
  gan_test_transfer_assert_fails (self, "/garbage/a.bin", GAN_ERROR_INVALID_DATA, NULL);
  gan_test_transfer_assert_names (self, "");
}

static void
test_statuses (GanTestTransfer *self, gconstpointer data)
{
  gan_test_transfer_assert_fails (self, "/status/a.bin?status=404", GAN_ERROR_NOT_FOUND, NULL);
  gan_test_transfer_assert_fails (self, "/status/a.bin?status=410", GAN_ERROR_NOT_FOUND, NULL);
  gan_test_transfer_assert_fails (self, "/status/a.bin?status=401", GAN_ERROR_LOGIN_REQUIRED, NULL);
  gan_test_transfer_assert_fails (self, "/status/a.bin?status=403", GAN_ERROR_NOT_ALLOWED, NULL);
  gan_test_transfer_assert_fails (self, "/status/a.bin?status=418", GAN_ERROR_HTTP_STATUS, NULL);
  gan_test_transfer_assert_fails (self, "/status/a.bin?status=204", GAN_ERROR_INVALID_DATA, NULL);
  g_assert_cmpint (gan_fake_clock_get_waited (GAN_FAKE_CLOCK (self->clock)), ==, 0);
  gan_test_transfer_assert_names (self, "");
}

/* S27: bounded, then typed. */
static void
test_server_error (GanTestTransfer *self, gconstpointer data)
{
  gint64 waited = 0;

  gan_test_transfer_assert_fails (self, "/status/a.bin?status=500", GAN_ERROR_HTTP_STATUS, NULL);
  waited = gan_fake_clock_get_waited (GAN_FAKE_CLOCK (self->clock));
  g_assert_cmpint (waited, >, 5 * G_USEC_PER_SEC);
  g_assert_cmpint (waited, <=, GAN_LIMIT_RETRY_SECONDS * G_USEC_PER_SEC);
  g_assert_cmpuint (count (self, NULL), >, 2);
}

static void
test_server_error_mid (GanTestTransfer *self, gconstpointer data)
{
  gan_test_transfer_assert_fetched (self,
                                    "/e500_mid/a.bin?count=3",
                                    "a.bin",
                                    SIZE,
                                    1,
                                    GAN_VERIFIED_LENGTH);
  g_assert_false (self->went_back);
}

static void
test_reset_mid (GanTestTransfer *self, gconstpointer data)
{
  gan_test_transfer_assert_fetched (self, "/rst_mid/a.bin", "a.bin", SIZE, 1, GAN_VERIFIED_LENGTH);
}

static void
test_refused (GanTestTransfer *self, gconstpointer data)
{
  gan_test_server_set_accept_mode (self->server, GAN_TEST_ACCEPT_RESET);
  gan_test_transfer_assert_fails (self, "/file/a.bin", GAN_ERROR_NETWORK, NULL);
  gan_test_transfer_assert_names (self, "");
}

static void
test_limited (GanTestTransfer *self, gconstpointer data)
{
  gint64 waited = 0;

  gan_test_transfer_assert_fetched (self,
                                    "/s429/a.bin?retry=7&count=2",
                                    "a.bin",
                                    SIZE,
                                    1,
                                    GAN_VERIFIED_LENGTH);
  waited = gan_fake_clock_get_waited (GAN_FAKE_CLOCK (self->clock));
  g_assert_cmpint (waited, >=, 14 * G_USEC_PER_SEC);
  g_assert_cmpint (waited, <=, 20 * G_USEC_PER_SEC);
}

/* Longer than a transfer waits: the user is told when to come again. */
static void
test_limited_long (GanTestTransfer *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (gan_test_transfer_run (self, "/s429/a.bin?retry=600&count=99", &error));
  g_assert_error (error, GAN_ERROR, GAN_ERROR_RATE_LIMITED);
  g_assert_cmpint (gan_error_get_retry_after (error), ==, 600);
  g_assert_cmpint (gan_fake_clock_get_waited (GAN_FAKE_CLOCK (self->clock)), ==, 0);
}

static void
test_redirect (GanTestTransfer *self, gconstpointer data)
{
  gan_test_transfer_assert_fails (self, "/redir_loop/a.bin", GAN_ERROR_HTTP_STATUS, NULL);
  gan_test_transfer_assert_names (self, "");
}

static void
test_names (GanTestTransfer *self, gconstpointer data)
{
  const struct
  {
    const char *disposition;
    const char *name;
  } rows[] = {
    { "attachment;%20filename=%22../../up.bin%22", "up.bin" },
    { "attachment;%20filename=%22/etc/abs.bin%22", "abs.bin" },
    { "attachment;%20filename*=UTF-8''..%252Fpercent.bin", "percent.bin" },
    { "attachment;%20filename=%22.hidden%22", "_hidden" },
    { "attachment;%20filename=%22-rf%22", "_-rf" },
    { "attachment;%20filename=%22x.desktop%22", "x.desktop.download" },
    { "attachment;%20filename=%22CON.bin%22", "_CON.bin" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *target
          = g_strdup_printf ("/file/url.bin?size=10&cd=%s", rows[i].disposition);
      g_autofree char *path = gan_test_folder_dup_path (self->folder, rows[i].name);
      struct stat info;

      gan_test_transfer_assert_fetched (self, target, rows[i].name, 10, 1, GAN_VERIFIED_LENGTH);
      g_assert_cmpint (g_stat (path, &info), ==, 0);
      g_assert_cmpuint (info.st_mode & 0111, ==, 0);
      g_unlink (path);
    }
}

static void
test_long_name (GanTestTransfer *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *filler = g_strnfill (400, 'L');
  g_autofree char *target
      = g_strdup_printf ("/file/a?size=10&cd=attachment;%%20filename=%%22%s.bin%%22", filler);
  g_autoptr (GanTransferResult) result = gan_test_transfer_run (self, target, &error);

  g_assert_no_error (error);
  g_assert_true (g_str_has_suffix (result->file, "LL.bin"));
}

/* A name that the user chose is taken as it is, up to the last byte that a file system takes. */
static void
test_chosen_name (GanTestTransfer *self, gconstpointer data)
{
  g_autofree char *longest = g_strnfill (255, 'n');
  g_autoptr (GanTransferResult) result = NULL;

  self->options.name = "-odd: name?.x";
  gan_test_transfer_assert_fetched (self,
                                    "/file/a.bin?size=10",
                                    "-odd: name?.x",
                                    10,
                                    1,
                                    GAN_VERIFIED_LENGTH);
  self->options.name = "a/b";
  gan_test_transfer_assert_fails (self, "/file/a.bin", GAN_ERROR_NOT_ALLOWED, "name");
  self->options.name = "..";
  gan_test_transfer_assert_fails (self, "/file/a.bin", GAN_ERROR_NOT_ALLOWED, "name");
  self->options.name = longest;
  result = gan_test_transfer_run (self, "/file/a.bin?size=10", NULL);
  g_assert_nonnull (result);
  g_assert_true (g_str_has_suffix (result->file, longest));
}

static void
test_taken_name (GanTestTransfer *self, gconstpointer data)
{
  g_autoptr (GanTransferResult) result = NULL;
  g_autoptr (GBytes) old = NULL;

  gan_test_folder_write (self->folder, "a.bin", "old", -1);
  result = gan_test_transfer_run (self, "/file/a.bin?size=10", NULL);
  g_assert_nonnull (result);
  gan_test_transfer_assert_names (self, "a (1).bin a.bin");
  gan_test_transfer_assert_bytes (self, "a (1).bin", 10, 1);
  old = gan_test_folder_load (self->folder, "a.bin");
  g_assert_cmpmem (g_bytes_get_data (old, NULL), g_bytes_get_size (old), "old", 3);
}

static void
test_time (GanTestTransfer *self, gconstpointer data)
{
  const struct
  {
    const char *date;
    gint64 time; /* 0: not that of the server */
  } rows[] = {
    { "Sun,%2015%20Jun%202025%2008:00:00%20GMT", 1749974400 },
    { "Wed,%2031%20Dec%201969%2023:59:59%20GMT", 0 },
    { "Thu,%2001%20Jan%201970%2000:00:00%20GMT", 0 },
    { "Sun,%2007%20Feb%202106%2006:28:16%20GMT", 0 },
    { "nonsense", 0 },
    { "none", 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *target = g_strdup_printf ("/file/a.bin?size=10&lm=%s", rows[i].date);
      g_autofree char *path = gan_test_folder_dup_path (self->folder, "a.bin");
      gint64 now = g_get_real_time () / G_USEC_PER_SEC;
      struct stat info;

      gan_test_transfer_assert_fetched (self, target, "a.bin", 10, 1, GAN_VERIFIED_LENGTH);
      g_assert_cmpint (g_stat (path, &info), ==, 0);
      if (rows[i].time != 0)
        g_assert_cmpint (info.st_mtime, ==, rows[i].time);
      else
        g_assert_cmpint (ABS (info.st_mtime - now), <, 3600);
      g_unlink (path);
    }
}

/* H21: a page under a name of its own. For media it is refused before a file is made. */
static void
test_page (GanTestTransfer *self, gconstpointer data)
{
  g_autoptr (GanUrl) url = NULL;
  g_autoptr (GanPlan) plan = gan_plan_new ("example", "https://example.org/v/1");
  g_autoptr (GError) error = NULL;
  g_autofree char *text = gan_test_server_dup_url (self->server, "/file/v?type=text/html");

  gan_test_transfer_assert_fetched (self,
                                    "/file/page?size=10&type=text/html",
                                    "page.html",
                                    10,
                                    1,
                                    GAN_VERIFIED_LENGTH);
  url = gan_url_parse (text, NULL);
  gan_plan_add_track (plan, GAN_TRACK_FILE, url, "720p", "http");
  g_assert_null (gan_transfer_run (self->http, plan, &self->options, NULL, &error));
  g_assert_error (error, GAN_ERROR, GAN_ERROR_INVALID_DATA);
  gan_test_transfer_assert_names (self, "page.html");
}

static void
test_media_name (GanTestTransfer *self, gconstpointer data)
{
  g_autofree char *text
      = gan_test_server_dup_url (self->server,
                                 "/file/x.exe?size=10&cd=attachment;%20filename=%22evil.exe%22");
  g_autoptr (GanUrl) url = gan_url_parse (text, NULL);
  g_autoptr (GanPlan) plan = gan_plan_new ("example", "https://example.org/v/1");
  g_autoptr (GanTransferResult) result = NULL;

  gan_plan_set_name (plan, "A film", "42", "mp4");
  gan_plan_add_track (plan, GAN_TRACK_FILE, url, "720p", "http");
  result = gan_transfer_run (self->http, plan, &self->options, NULL, NULL);
  g_assert_nonnull (result);
  g_assert_cmpstr (result->format_id, ==, "720p");
  gan_test_transfer_assert_names (self, "A film [42].mp4");
}

static void
test_unsupported (GanTestTransfer *self, gconstpointer data)
{
  g_autofree char *text = gan_test_server_dup_url (self->server, "/file/a.m3u8");
  g_autoptr (GanUrl) url = gan_url_parse (text, NULL);
  g_autoptr (GanPlan) segments = gan_plan_new ("example", NULL);
  g_autoptr (GanPlan) parted = gan_plan_new ("example", NULL);
  g_autoptr (GError) error = NULL;

  gan_plan_add_track (segments, GAN_TRACK_FILE, url, "hls", "hls");
  g_assert_null (gan_transfer_run (self->http, segments, &self->options, NULL, &error));
  g_assert_error (error, GAN_ERROR, GAN_ERROR_UNSUPPORTED_URL);
  g_clear_error (&error);
  gan_plan_add_track (parted, GAN_TRACK_VIDEO, url, "v", "http");
  gan_plan_add_track (parted, GAN_TRACK_AUDIO, url, "a", "http");
  g_assert_null (gan_transfer_run (self->http, parted, &self->options, NULL, &error));
  g_assert_error (error, GAN_ERROR, GAN_ERROR_UNSUPPORTED_URL);
  g_assert_cmpuint (count (self, NULL), ==, 0);
}

/* googlevideo's way: no range of more than so many bytes. */
static void
test_range_cap (GanTestTransfer *self, gconstpointer data)
{
  g_autoptr (GanPlan) plan = gan_test_transfer_make_plan (self, "/file/a.bin");
  g_autofree char *text = gan_test_server_dup_url (self->server, "/file/b.bin");
  g_autoptr (GanUrl) url = gan_url_parse (text, NULL);
  g_autoptr (GanPlan) capped = gan_plan_new ("example", NULL);
  g_autoptr (GanTransferResult) result = NULL;
  g_autoptr (GPtrArray) requests = NULL;
  const GanTestRequest *second = NULL;

  gan_plan_set_name (capped, "b", NULL, "mp4");
  gan_plan_add_track (capped, GAN_TRACK_FILE, url, "x", "http")->range_cap = 300000;
  result = gan_transfer_run (self->http, capped, &self->options, NULL, NULL);
  g_assert_nonnull (result);
  gan_test_transfer_assert_bytes (self, "b.mp4", SIZE, 1);
  requests = gan_test_server_dup_requests (self->server, NULL);
  g_assert_cmpuint (requests->len, ==, 4);
  second = g_ptr_array_index (requests, 1);
  g_assert_cmpstr (g_hash_table_lookup (second->headers, "range"), ==, "bytes=300000-599999");
  g_assert_cmpuint (gan_test_server_get_body_bytes (self->server), ==, SIZE);
}

static void
done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **place = user_data;

  *place = g_object_ref (result);
}

static void
test_async (GanTestTransfer *self, gconstpointer data)
{
  g_autoptr (GanPool) pool = gan_pool_new ("test", 1);
  g_autoptr (GanPlan) plan = gan_test_transfer_make_plan (self, "/file/a.bin");
  g_autoptr (GanTransferResult) result = NULL;
  g_autoptr (GAsyncResult) done = NULL;

  gan_transfer_run_async (self->http,
                          plan,
                          &self->options,
                          pool,
                          self->cancellable,
                          done_cb,
                          &done);
  while (done == NULL)
    g_main_context_iteration (NULL, TRUE);
  result = gan_transfer_run_finish (done, NULL);
  g_assert_nonnull (result);
  gan_test_transfer_assert_bytes (self, "a.bin", SIZE, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  GAN_TEST_ADD ("/transfer/plain", test_plain);
  GAN_TEST_ADD_TLS ("/transfer/plain-tls", test_plain);
  GAN_TEST_ADD ("/transfer/empty", test_empty);
  GAN_TEST_ADD ("/transfer/S39-request", test_request);
  GAN_TEST_ADD ("/transfer/S01-trunc-once", test_trunc_once);
  GAN_TEST_ADD_TLS ("/transfer/S01-trunc-once-tls", test_trunc_once);
  GAN_TEST_ADD ("/transfer/S01-trunc-always", test_trunc_always);
  GAN_TEST_ADD ("/transfer/few-bytes", test_few_bytes);
  GAN_TEST_ADD ("/transfer/no-byte", test_no_byte);
  GAN_TEST_ADD ("/transfer/redirected", test_redirected);
  GAN_TEST_ADD ("/transfer/chunked", test_chunked);
  GAN_TEST_ADD ("/transfer/chunked-ranges", test_chunked_ranges);
  GAN_TEST_ADD ("/transfer/S02-S03-chunk-cut", test_chunk_trunc);
  GAN_TEST_ADD_TLS ("/transfer/S02-S03-chunk-cut-tls", test_chunk_trunc);
  GAN_TEST_ADD ("/transfer/S02-chunk-trunc-once", test_chunk_trunc_once);
  GAN_TEST_ADD ("/transfer/S03-chunk-midcut-once", test_chunk_midcut_once);
  GAN_TEST_ADD ("/transfer/S02-no-ranges", test_chunk_trunc_no_ranges);
  GAN_TEST_ADD ("/transfer/S04-close-delim", test_close_delim);
  GAN_TEST_ADD_TLS ("/transfer/S04-close-delim-tls", test_close_delim);
  GAN_TEST_ADD ("/transfer/S04-close-delim-cut", test_close_delim_cut);
  GAN_TEST_ADD_TLS ("/transfer/S04-close-delim-cut-tls", test_close_delim_cut);
  GAN_TEST_ADD ("/transfer/S05-encoded", test_encoded);
  GAN_TEST_ADD ("/transfer/S34-encoded-itself", test_encoded_itself);
  GAN_TEST_ADD ("/transfer/S06-bad-length", test_bad_length);
  GAN_TEST_ADD ("/transfer/S07-length-lies-big", test_length_lies_big);
  GAN_TEST_ADD ("/transfer/S08-surplus", test_surplus);
  GAN_TEST_ADD ("/transfer/S09-length-and-chunks", test_length_and_chunks);
  GAN_TEST_ADD ("/transfer/too-large", test_too_large);
  GAN_TEST_ADD ("/transfer/S32-endless", test_endless);
  GAN_TEST_ADD ("/transfer/S31-S35-not-http", test_not_http);
  GAN_TEST_ADD ("/transfer/statuses", test_statuses);
  GAN_TEST_ADD ("/transfer/S27-server-error", test_server_error);
  GAN_TEST_ADD ("/transfer/S27-server-error-mid", test_server_error_mid);
  GAN_TEST_ADD ("/transfer/N02-reset-mid", test_reset_mid);
  GAN_TEST_ADD ("/transfer/N02-refused", test_refused);
  GAN_TEST_ADD ("/transfer/S26-limited", test_limited);
  GAN_TEST_ADD ("/transfer/S26-limited-long", test_limited_long);
  GAN_TEST_ADD ("/transfer/S28-redirect-loop", test_redirect);
  GAN_TEST_ADD ("/transfer/H01-H07-names", test_names);
  GAN_TEST_ADD ("/transfer/D09-long-name", test_long_name);
  GAN_TEST_ADD ("/transfer/chosen-name", test_chosen_name);
  GAN_TEST_ADD ("/transfer/taken-name", test_taken_name);
  GAN_TEST_ADD ("/transfer/H24-time", test_time);
  GAN_TEST_ADD ("/transfer/H21-page", test_page);
  GAN_TEST_ADD ("/transfer/H05-media-name", test_media_name);
  GAN_TEST_ADD ("/transfer/unsupported", test_unsupported);
  GAN_TEST_ADD ("/transfer/range-cap", test_range_cap);
  GAN_TEST_ADD ("/transfer/async", test_async);
  return g_test_run ();
}

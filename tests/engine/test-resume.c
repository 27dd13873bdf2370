/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Going on after a cut, a pause or another run, with servers that have changed their mind. No case
 * may ever leave a file that holds bytes of two versions. */
#include "config.h"

#include "gan-limits.h"
#include "gan-test-file.h"
#include "gan-test-transfer.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define SIZE 1048576
#define HALF (SIZE / 2)
#define OVERLAP GAN_LIMIT_OVERLAP_BYTES

/* The seed of the next version of a body: see gan-test-file.c. */
#define NEXT_VERSION 1001

static guint
count (GanTestTransfer *self)
{
  return gan_test_server_count (self->server, NULL);
}

static char *
dup_header (GanTestTransfer *self, guint nth, const char *name)
{
  g_autoptr (GPtrArray) requests = gan_test_server_dup_requests (self->server, NULL);
  const GanTestRequest *request = NULL;

  g_assert_cmpuint (nth, <, requests->len);
  request = g_ptr_array_index (requests, nth);
  return g_strdup (g_hash_table_lookup (request->headers, name));
}

/* A run that is paused on its way. */
static void
fetch_half (GanTestTransfer *self, const char *target)
{
  g_autoptr (GError) error = NULL;

  self->cancel_at = 1;
  self->options.limit_rate = SIZE;
  g_assert_null (gan_test_transfer_run (self, target, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  self->cancel_at = 0;
  self->options.limit_rate = 0;
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
}

static void
test_pause (GanTestTransfer *self, gconstpointer data)
{
  g_autofree char *range = NULL;
  g_autofree char *if_range = NULL;
  gint64 have = 0;

  fetch_half (self, "/file/a.bin");
  gan_test_transfer_assert_names (self, "a.bin.part a.bin.part.json");
  have = gan_test_transfer_get_have (self, "a.bin");
  g_assert_cmpint (have, >, 0);
  g_assert_cmpint (have, <, SIZE);

  gan_test_transfer_assert_fetched (self, "/file/a.bin", "a.bin", SIZE, 1, GAN_VERIFIED_LENGTH);
  g_assert_cmpuint (count (self), ==, 2);
  range = dup_header (self, 1, "range");
  if_range = dup_header (self, 1, "if-range");
  g_assert_cmpint (g_ascii_strtoll (range + strlen ("bytes="), NULL, 10),
                   ==,
                   MAX (have - OVERLAP, 0));
  g_assert_cmpstr (if_range, ==, "\"1048576-1\"");
}

static void
test_resumed (GanTestTransfer *self, gconstpointer data)
{
  g_autoptr (GanTransferResult) resumed = NULL;
  g_autoptr (GanTransferResult) fresh = NULL;

  fetch_half (self, "/file/a.bin");
  resumed = gan_test_transfer_run (self, "/file/a.bin", NULL);
  fresh = gan_test_transfer_run (self, "/file/b.bin", NULL);
  g_assert_true (resumed->resumed);
  g_assert_false (fresh->resumed);
}

/* The name stays, though another file has it now, and though the server has another idea of it. */
static void
test_name_stays (GanTestTransfer *self, gconstpointer data)
{
  g_autofree char *path = gan_test_folder_dup_path (self->folder, "a.bin");

  gan_test_folder_write (self->folder, "a.bin", "old", -1);
  fetch_half (self, "/file/a.bin");
  gan_test_transfer_assert_names (self, "a (1).bin.part a (1).bin.part.json a.bin");
  g_assert_cmpint (g_unlink (path), ==, 0);
  gan_test_transfer_assert_fetched (self, "/file/a.bin", "a (1).bin", SIZE, 1, GAN_VERIFIED_LENGTH);
}

/* Another source has the same name: it gets one of its own, and each goes on with its own bytes. */
static void
test_other_source (GanTestTransfer *self, gconstpointer data)
{
  g_autoptr (GanTransferResult) first = NULL;
  g_autoptr (GanTransferResult) second = NULL;

  fetch_half (self, "/file/a.bin?seed=1");
  fetch_half (self, "/file/a.bin?seed=2");
  gan_test_transfer_assert_names (self,
                                  "a (1).bin.part a (1).bin.part.json a.bin.part a.bin.part.json");
  second = gan_test_transfer_run (self, "/file/a.bin?seed=2", NULL);
  first = gan_test_transfer_run (self, "/file/a.bin?seed=1", NULL);
  g_assert_true (first->resumed && second->resumed);
  gan_test_transfer_assert_bytes (self, "a.bin", SIZE, 1);
  gan_test_transfer_assert_bytes (self, "a (1).bin", SIZE, 2);
}

/* Somebody's file of that name is neither read nor removed. */
static void
test_foreign_part (GanTestTransfer *self, gconstpointer data)
{
  g_autoptr (GanTransferResult) result = NULL;
  g_autoptr (GBytes) bytes = NULL;

  gan_test_folder_write (self->folder, "a.bin.part", "precious", -1);
  gan_test_folder_write (self->folder, "a.bin.part.json", "{}", -1);
  result = gan_test_transfer_run (self, "/file/a.bin", NULL);
  g_assert_nonnull (result);
  gan_test_transfer_assert_names (self, "a (1).bin a.bin.part a.bin.part.json");
  bytes = gan_test_folder_load (self->folder, "a.bin.part");
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "precious", 8);
}

static void
test_discard (GanTestTransfer *self, gconstpointer data)
{
  g_autoptr (GanPlan) plan = gan_test_transfer_make_plan (self, "/file/a.bin");
  g_autoptr (GanPlan) other = gan_test_transfer_make_plan (self, "/file/a.bin?seed=2");
  g_autoptr (GError) error = NULL;

  fetch_half (self, "/file/a.bin");
  gan_test_folder_write (self->folder, "a.bin", "mine", -1);
  g_assert_true (gan_transfer_discard (self->folder->path, other, NULL, &error));
  gan_test_transfer_assert_names (self, "a.bin a.bin.part a.bin.part.json");
  g_assert_true (gan_transfer_discard (self->folder->path, plan, NULL, &error));
  g_assert_no_error (error);
  gan_test_transfer_assert_names (self, "a.bin");
  g_assert_true (gan_transfer_discard (self->folder->path, plan, NULL, &error));
  g_assert_false (gan_transfer_discard ("/nowhere/at/all", plan, NULL, &error));
  g_assert_error (error, GAN_ERROR, GAN_ERROR_DISK);
}

/* Bytes that the state file does not vouch for are fetched again. */
static void
test_cut_part (GanTestTransfer *self, gconstpointer data)
{
  g_autofree char *path = gan_test_folder_dup_path (self->folder, "a.bin.part");

  fetch_half (self, "/file/a.bin");
  g_assert_cmpint (truncate (path, 1000), ==, 0);
  gan_test_transfer_assert_fetched (self, "/file/a.bin", "a.bin", SIZE, 1, GAN_VERIFIED_LENGTH);
}

static void
test_part_gone (GanTestTransfer *self, gconstpointer data)
{
  g_autofree char *path = gan_test_folder_dup_path (self->folder, "a.bin.part");

  fetch_half (self, "/file/a.bin");
  g_assert_cmpint (g_unlink (path), ==, 0);
  gan_test_transfer_assert_fetched (self, "/file/a.bin", "a.bin", SIZE, 1, GAN_VERIFIED_LENGTH);
}

/* The bytes here were damaged where the overlap is: only the comparison can tell. */
static void
test_damaged_part (GanTestTransfer *self, gconstpointer data)
{
  g_autofree char *path = gan_test_folder_dup_path (self->folder, "a.bin.part");
  g_autofree char *bytes = NULL;
  gsize length = 0;

  fetch_half (self, "/file/a.bin");
  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  bytes[length - 1] ^= 1;
  g_assert_true (g_file_set_contents (path, bytes, (gssize) length, NULL));
  gan_test_transfer_assert_fetched (self, "/file/a.bin", "a.bin", SIZE, 1, GAN_VERIFIED_LENGTH);
}

/* The whole file has changed after the first answer was cut. */
static void
check_changed (GanTestTransfer *self, const char *target, gsize size)
{
  gan_test_transfer_assert_fetched (self, target, "a.bin", size, NEXT_VERSION, GAN_VERIFIED_LENGTH);
}

static void
test_changed (GanTestTransfer *self, gconstpointer data)
{
  check_changed (self, "/changed/a.bin?cut=524288&auto=1", SIZE);
  g_assert_cmpuint (count (self), ==, 2);
}

/* The date is the same, so that only the tag tells. */
static void
test_changed_tag (GanTestTransfer *self, gconstpointer data)
{
  check_changed (self,
                 "/changed/a.bin?cut=524288&auto=1&lm=Mon,%2001%20Jan%202024%2000:00:00%20GMT",
                 SIZE);
}

/* No tag: the date guards. */
static void
test_changed_date (GanTestTransfer *self, gconstpointer data)
{
  g_autofree char *if_range = NULL;

  check_changed (self, "/changed/a.bin?cut=524288&auto=1&etag=none", SIZE);
  if_range = dup_header (self, 1, "if-range");
  g_assert_cmpstr (if_range, ==, "Wed, 01 Jan 2025 12:00:00 GMT");
}

/* A weak tag promises nothing, and guards nothing. */
static void
test_weak_tag (GanTestTransfer *self, gconstpointer data)
{
  g_autofree char *if_range = NULL;

  gan_test_transfer_assert_fetched (self,
                                    "/file/a.bin?cut=524288&etag=W/%22a%22&lm=none",
                                    "a.bin",
                                    SIZE,
                                    1,
                                    GAN_VERIFIED_LENGTH);
  if_range = dup_header (self, 1, "if-range");
  g_assert_null (if_range);
}

static void
test_changed_no_validators (GanTestTransfer *self, gconstpointer data)
{
  check_changed (self, "/changed_noval/a.bin?cut=524288&auto=1", SIZE);
}

static void
test_changed_longer (GanTestTransfer *self, gconstpointer data)
{
  check_changed (self, "/changed_len/a.bin?cut=524288&auto=1&grow=12345", SIZE + 12345);
}

static void
test_changed_shorter (GanTestTransfer *self, gconstpointer data)
{
  check_changed (self, "/changed_len/a.bin?cut=524288&auto=1&grow=-12345", SIZE - 12345);
}

static void
test_if_range_ignored (GanTestTransfer *self, gconstpointer data)
{
  check_changed (self, "/ignore_ifrange/a.bin?cut=524288&auto=1", SIZE);
}

/* The same between two runs of the program. */
static void
test_changed_between (GanTestTransfer *self, gconstpointer data)
{
  const char *const scenarios[] = { "changed", "changed_noval", "ignore_ifrange" };

  for (guint i = 0; i < G_N_ELEMENTS (scenarios); i++)
    {
      g_autofree char *target = g_strdup_printf ("/%s/%u.bin", scenarios[i], i);
      g_autofree char *name = g_strdup_printf ("%u.bin", i);
      g_autoptr (GanTransferResult) result = NULL;

      gan_test_server_set_phase (self->server, 0);
      fetch_half (self, target);
      gan_test_server_set_phase (self->server, 1);
      result = gan_test_transfer_run (self, target, NULL);
      g_assert_nonnull (result);
      g_assert_false (result->resumed);
      gan_test_transfer_assert_bytes (self, name, SIZE, NEXT_VERSION);
    }
  gan_test_transfer_assert_names (self, "0.bin 1.bin 2.bin");
}

/* The first answer is cut after 600,000 bytes, the next, of another version, after 200,000. Then
 * nothing but errors, until the phase says which version is there again. */
static void
serve_unsteady (GanTestExchange *exchange, gpointer user_data)
{
  g_auto (GanTestFile) file = { NULL };
  guint nth = gan_test_exchange_get_nth (exchange);
  int phase = gan_test_server_get_phase (gan_test_exchange_get_server (exchange));

  if (nth > 1 && phase == 0)
    {
      gan_test_exchange_reply (exchange, 500, "text/plain", "no\n");
      return;
    }
  gan_test_file_init (&file, exchange);
  if (nth == 1 || phase == 2)
    gan_test_file_set_version (&file, exchange, 1);
  if (nth < 2)
    file.cut = nth == 0 ? 600000 : 200000;
  gan_test_file_serve (&file, exchange);
}

/* What was here is kept until there is as much of the new version. */
static void
fetch_unsteady (GanTestTransfer *self)
{
  gan_test_server_add (self->server, "unsteady", serve_unsteady, NULL);
  gan_test_transfer_assert_fails (self, "/unsteady/a.bin", GAN_ERROR_CHANGED_ON_SERVER, NULL);
  gan_test_transfer_assert_names (self, "a.bin.part a.bin.part.json a.bin.part.old");
  gan_test_transfer_assert_bytes (self, "a.bin.part", 200000, NEXT_VERSION);
  gan_test_transfer_assert_bytes (self, "a.bin.part.old", 600000, 1);
}

static void
test_aside_new (GanTestTransfer *self, gconstpointer data)
{
  fetch_unsteady (self);
  gan_test_server_set_phase (self->server, 2);
  gan_test_transfer_assert_fetched (self,
                                    "/unsteady/a.bin",
                                    "a.bin",
                                    SIZE,
                                    NEXT_VERSION,
                                    GAN_VERIFIED_LENGTH);
}

/* The old version is back: its bytes are worth something again. */
static void
test_aside_old (GanTestTransfer *self, gconstpointer data)
{
  guint64 before = 0;

  fetch_unsteady (self);
  gan_test_server_set_phase (self->server, 1);
  before = gan_test_server_get_body_bytes (self->server);
  gan_test_transfer_assert_fetched (self, "/unsteady/a.bin", "a.bin", SIZE, 1, GAN_VERIFIED_LENGTH);
  g_test_message ("%d bytes", (int) (gan_test_server_get_body_bytes (self->server) - before));
}

static void
test_aside_discard (GanTestTransfer *self, gconstpointer data)
{
  g_autoptr (GanPlan) plan = gan_test_transfer_make_plan (self, "/unsteady/a.bin");

  fetch_unsteady (self);
  g_assert_true (gan_transfer_discard (self->folder->path, plan, NULL, NULL));
  gan_test_transfer_assert_names (self, "");
}

static void
test_if_range_disliked (GanTestTransfer *self, gconstpointer data)
{
  gan_test_transfer_assert_fetched (self,
                                    "/ifrange_etag_200/a.bin?cut=524288",
                                    "a.bin",
                                    SIZE,
                                    1,
                                    GAN_VERIFIED_LENGTH);
  g_assert_cmpuint (count (self), ==, 3);
  g_assert_false (self->went_back);
}

static void
test_tag_each (GanTestTransfer *self, gconstpointer data)
{
  gan_test_transfer_assert_fetched (self,
                                    "/etag_each/a.bin?cut=262144&cuts=3",
                                    "a.bin",
                                    SIZE,
                                    1,
                                    GAN_VERIFIED_LENGTH);
  g_assert_false (self->went_back);
}

static void
test_no_ranges (GanTestTransfer *self, gconstpointer data)
{
  gan_test_transfer_assert_fetched (self,
                                    "/norange_resume/a.bin",
                                    "a.bin",
                                    SIZE,
                                    1,
                                    GAN_VERIFIED_LENGTH);
}

/* A server without ranges that is always cut: one restart, then an error. */
static void
test_no_ranges_cut (GanTestTransfer *self, gconstpointer data)
{
  gan_test_transfer_assert_fails (self,
                                  "/norange/a.bin?cut=524288&cuts=99",
                                  GAN_ERROR_TRUNCATED,
                                  "no-ranges");
  g_assert_cmpuint (count (self), <, 10);
  gan_test_transfer_assert_names (self, "a.bin.part a.bin.part.json");
  g_assert_cmpint (gan_test_transfer_get_have (self, "a.bin"), ==, HALF);
}

static void
check_bad_range (GanTestTransfer *self, const char *scenario)
{
  g_autofree char *target = g_strdup_printf ("/%s/a.bin?cut=524288", scenario);

  gan_test_transfer_assert_fetched (self, target, "a.bin", SIZE, 1, GAN_VERIFIED_LENGTH);
}

static void
test_wrong_offset (GanTestTransfer *self, gconstpointer data)
{
  check_bad_range (self, "wrong_offset");
}

static void
test_lying_range (GanTestTransfer *self, gconstpointer data)
{
  check_bad_range (self, "lying_206");
}

static void
test_no_content_range (GanTestTransfer *self, gconstpointer data)
{
  check_bad_range (self, "no_crange");
}

static void
test_multipart (GanTestTransfer *self, gconstpointer data)
{
  check_bad_range (self, "multipart");
}

/* A restart for one reason happens once; then it is said what is wrong. */
static void
test_lying_for_ever (GanTestTransfer *self, gconstpointer data)
{
  gan_test_transfer_assert_fails (self,
                                  "/lying_206/a.bin?cut=524288&cuts=99",
                                  GAN_ERROR_CHANGED_ON_SERVER,
                                  NULL);
  g_assert_cmpuint (count (self), <, 10);
}

static void
check_portal (GanTestTransfer *self, const char *scenario)
{
  g_autofree char *target = g_strdup_printf ("/%s/a.bin?cut=524288", scenario);

  gan_test_transfer_assert_fails (self, target, GAN_ERROR_NETWORK, "portal");
  gan_test_transfer_assert_names (self, "a.bin.part a.bin.part.json");
  gan_test_transfer_assert_bytes (self, "a.bin.part", HALF, 1);
  g_assert_cmpint (gan_test_transfer_get_have (self, "a.bin"), ==, HALF);
}

static void
test_portal (GanTestTransfer *self, gconstpointer data)
{
  check_portal (self, "portal");
}

static void
test_portal_206 (GanTestTransfer *self, gconstpointer data)
{
  check_portal (self, "portal206");
}

/* Mirrors out of step: whatever comes out is of one version. */
static void
test_mixed (GanTestTransfer *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GanTransferResult) result
      = gan_test_transfer_run (self, "/mixed/a.bin?cut=524288", &error);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GBytes) one = gan_test_body (SIZE, 1);
  g_autoptr (GBytes) other = gan_test_body (SIZE, NEXT_VERSION);

  if (result == NULL)
    {
      g_assert_error (error, GAN_ERROR, GAN_ERROR_CHANGED_ON_SERVER);
      return;
    }
  bytes = gan_test_folder_load (self->folder, "a.bin");
  g_assert_true (g_bytes_equal (bytes, one) || g_bytes_equal (bytes, other));
}

static void
test_mixed_cut (GanTestTransfer *self, gconstpointer data)
{
  gan_test_transfer_assert_fails (self,
                                  "/mixed/a.bin?cut=300000&cuts=99",
                                  GAN_ERROR_CHANGED_ON_SERVER,
                                  NULL);
  g_assert_cmpuint (count (self), <, 10);
}

/* S23: all bytes are here, but the run ended before it could say so. */
static void
test_complete (GanTestTransfer *self, gconstpointer data)
{
  gan_test_transfer_assert_fetched (self,
                                    "/chunked/a.bin?ranges=1",
                                    "a.bin",
                                    SIZE,
                                    1,
                                    GAN_VERIFIED_LENGTH);
}

static void
test_said_complete (GanTestTransfer *self, gconstpointer data)
{
  /* It says so of a half: that is not believed. */
  g_autoptr (GanTransferResult) result
      = gan_test_transfer_run (self, "/done_416/a.bin?cut=524288", NULL);

  g_assert_nonnull (result);
  gan_test_transfer_assert_bytes (self, "a.bin", SIZE, 1);
}

static void
test_longer_than_remote (GanTestTransfer *self, gconstpointer data)
{
  gan_test_transfer_assert_fetched (self,
                                    "/longer_416/a.bin",
                                    "a.bin",
                                    SIZE / 4,
                                    NEXT_VERSION,
                                    GAN_VERIFIED_LENGTH);
}

static void
test_expired (GanTestTransfer *self, gconstpointer data)
{
  gan_test_transfer_assert_fails (self, "/forbid_second/a.bin", GAN_ERROR_NOT_ALLOWED, "expired");
  gan_test_transfer_assert_fails (self,
                                  "/forbid_second/b.bin?status=410",
                                  GAN_ERROR_NOT_FOUND,
                                  "expired");
  gan_test_transfer_assert_names (self, "a.bin.part a.bin.part.json b.bin.part b.bin.part.json");
}

static GanPlan *
refresh_cb (gpointer user_data, GCancellable *cancellable, GError **error)
{
  GanTestTransfer *self = user_data;
  int phase = gan_test_server_get_phase (self->server);
  g_autofree char *text = gan_test_server_dup_url (self->server,
                                                   phase == 2 ? "/status/elsewhere.bin?status=403"
                                                              : "/file/elsewhere.bin");
  g_autoptr (GanUrl) url = gan_url_parse (text, NULL);
  GanPlan *plan = gan_plan_new ("generic", NULL);

  gan_plan_set_plain_file (plan, TRUE);
  gan_plan_add_track (plan, GAN_TRACK_FILE, url, phase == 1 ? "another" : "file", "http");
  return plan;
}

/* A fresh address of the same format goes on with the same bytes. */
static void
test_refreshed (GanTestTransfer *self, gconstpointer data)
{
  self->options.refresh = refresh_cb;
  self->options.refresh_data = self;
  gan_test_transfer_assert_fetched (self,
                                    "/forbid_second/a.bin",
                                    "a.bin",
                                    SIZE,
                                    1,
                                    GAN_VERIFIED_LENGTH);
  g_assert_cmpuint (gan_test_server_count (self->server, "file"), ==, 1);
  g_assert_cmpuint (gan_test_server_get_body_bytes (self->server), <=, SIZE + OVERLAP + 100);
}

static void
test_refreshed_format (GanTestTransfer *self, gconstpointer data)
{
  self->options.refresh = refresh_cb;
  self->options.refresh_data = self;
  gan_test_server_set_phase (self->server, 1);
  gan_test_transfer_assert_fails (self,
                                  "/forbid_second/a.bin",
                                  GAN_ERROR_CHANGED_ON_SERVER,
                                  "format-gone");
}

/* Expired before it began: asked for again without a vain request. */
static void
test_refreshed_first (GanTestTransfer *self, gconstpointer data)
{
  g_autofree char *text = gan_test_server_dup_url (self->server, "/status/a.bin?status=403");
  g_autoptr (GanUrl) url = gan_url_parse (text, NULL);
  g_autoptr (GanPlan) plan = gan_plan_new ("generic", "https://example.org/v");
  g_autoptr (GanTransferResult) result = NULL;

  gan_plan_set_plain_file (plan, TRUE);
  gan_plan_add_track (plan, GAN_TRACK_FILE, url, "file", "http")->expires_at = 1000;
  self->options.refresh = refresh_cb;
  self->options.refresh_data = self;
  result = gan_transfer_run (self->http, plan, &self->options, NULL, NULL);
  g_assert_nonnull (result);
  g_assert_cmpuint (count (self), ==, 1);
}

/* Always refused: one fresh address, not one after the other. */
static void
test_refreshed_in_vain (GanTestTransfer *self, gconstpointer data)
{
  self->options.refresh = refresh_cb;
  self->options.refresh_data = self;
  gan_test_server_set_phase (self->server, 2);
  gan_test_transfer_assert_fails (self, "/status/a.bin?status=403", GAN_ERROR_NOT_ALLOWED, NULL);
  /* Each of the two addresses is also asked without a range. */
  g_assert_cmpuint (count (self), ==, 4);
}

static void
test_growing (GanTestTransfer *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GanTransferResult) result
      = gan_test_transfer_run (self, "/live_grow/a.bin?cut=524288", &error);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GBytes) wanted = NULL;

  g_assert_cmpuint (count (self), <, 10);
  g_assert_no_error (error);
  bytes = gan_test_folder_load (self->folder, "a.bin");
  wanted = gan_test_body (g_bytes_get_size (bytes), 1);
  g_assert_true (g_bytes_equal (bytes, wanted));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  GAN_TEST_ADD ("/resume/pause", test_pause);
  GAN_TEST_ADD_TLS ("/resume/pause-tls", test_pause);
  GAN_TEST_ADD ("/resume/resumed", test_resumed);
  GAN_TEST_ADD ("/resume/name-stays", test_name_stays);
  GAN_TEST_ADD ("/resume/D08-other-source", test_other_source);
  GAN_TEST_ADD ("/resume/D13-foreign-part", test_foreign_part);
  GAN_TEST_ADD ("/resume/D13-discard", test_discard);
  GAN_TEST_ADD ("/resume/cut-part", test_cut_part);
  GAN_TEST_ADD ("/resume/part-gone", test_part_gone);
  GAN_TEST_ADD ("/resume/damaged-part", test_damaged_part);
  GAN_TEST_ADD ("/resume/S10-changed", test_changed);
  GAN_TEST_ADD_TLS ("/resume/S10-changed-tls", test_changed);
  GAN_TEST_ADD ("/resume/S10-changed-tag", test_changed_tag);
  GAN_TEST_ADD ("/resume/S10-changed-date", test_changed_date);
  GAN_TEST_ADD ("/resume/S10-changed-between", test_changed_between);
  GAN_TEST_ADD ("/resume/S10-aside-new", test_aside_new);
  GAN_TEST_ADD ("/resume/S10-aside-old", test_aside_old);
  GAN_TEST_ADD ("/resume/D13-aside-discard", test_aside_discard);
  GAN_TEST_ADD ("/resume/weak-tag", test_weak_tag);
  GAN_TEST_ADD ("/resume/S11-no-validators", test_changed_no_validators);
  GAN_TEST_ADD ("/resume/S12-longer", test_changed_longer);
  GAN_TEST_ADD ("/resume/S12-shorter", test_changed_shorter);
  GAN_TEST_ADD ("/resume/S13-if-range-ignored", test_if_range_ignored);
  GAN_TEST_ADD ("/resume/S14-if-range-disliked", test_if_range_disliked);
  GAN_TEST_ADD ("/resume/S15-tag-each", test_tag_each);
  GAN_TEST_ADD ("/resume/S16-no-ranges", test_no_ranges);
  GAN_TEST_ADD ("/resume/S16-no-ranges-cut", test_no_ranges_cut);
  GAN_TEST_ADD ("/resume/S17-wrong-offset", test_wrong_offset);
  GAN_TEST_ADD ("/resume/S18-lying-range", test_lying_range);
  GAN_TEST_ADD ("/resume/S18-lying-for-ever", test_lying_for_ever);
  GAN_TEST_ADD ("/resume/S19-no-content-range", test_no_content_range);
  GAN_TEST_ADD ("/resume/S20-multipart", test_multipart);
  GAN_TEST_ADD ("/resume/S21-portal", test_portal);
  GAN_TEST_ADD ("/resume/S21-portal-206", test_portal_206);
  GAN_TEST_ADD ("/resume/S22-mixed", test_mixed);
  GAN_TEST_ADD ("/resume/S22-mixed-cut", test_mixed_cut);
  GAN_TEST_ADD ("/resume/S23-complete", test_complete);
  GAN_TEST_ADD ("/resume/S23-said-complete", test_said_complete);
  GAN_TEST_ADD ("/resume/S24-longer-than-remote", test_longer_than_remote);
  GAN_TEST_ADD ("/resume/S25-expired", test_expired);
  GAN_TEST_ADD ("/resume/S25-refreshed", test_refreshed);
  GAN_TEST_ADD ("/resume/S25-refreshed-format", test_refreshed_format);
  GAN_TEST_ADD ("/resume/S25-refreshed-first", test_refreshed_first);
  GAN_TEST_ADD ("/resume/S25-refreshed-in-vain", test_refreshed_in_vain);
  GAN_TEST_ADD ("/resume/S40-growing", test_growing);
  return g_test_run ();
}

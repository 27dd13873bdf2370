/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-json.h"
#include "gan-state-file.h"
#include "gan-test-fixture.h"
#include "gan-unknown.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECRET "hunter2-signature"

static GanPlan *
make_plan (const char *source, const char *format_id)
{
  g_autoptr (GanUrl) url = gan_url_parse ("https://media.example.org/v?sig=" SECRET, NULL);
  GanPlan *plan = gan_plan_new ("example", source);
  GanTrack *track = gan_plan_add_track (plan, GAN_TRACK_FILE, url, format_id, "http");

  g_hash_table_replace (track->headers, g_strdup ("Referer"), g_strdup ("https://" SECRET "/"));
  gan_plan_set_name (plan, "A film", "42", "mp4");
  return plan;
}

static GanFolder *
open_folder (GanTestFolder *folder)
{
  g_autoptr (GError) error = NULL;
  GanFolder *open = gan_folder_open (folder->path, FALSE, &error);

  g_assert_no_error (error);
  return open;
}

static GanStateFile *
make_state (GanPlan *plan)
{
  GanStateFile *state = gan_state_file_new (plan, NULL, "A film");

  state->file = g_strdup ("A film.mp4");
  state->inode = 77;
  state->version->etag = g_strdup ("\"v1\"");
  state->version->last_modified = g_strdup ("Mon, 01 Jan 2024 00:00:00 GMT");
  state->version->length = 1000;
  gan_version_set_have (state->version, 600);
  return state;
}

static void
save (GanStateFile *state, GanFolder *folder)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (gan_state_file_save (state, folder, &error));
  g_assert_no_error (error);
}

static void
test_round (void)
{
  g_autoptr (GanTestFolder) place = gan_test_folder_new ();
  g_autoptr (GanFolder) folder = open_folder (place);
  g_autoptr (GanPlan) plan = make_plan ("https://example.org/v/42", "720p");
  g_autoptr (GanPlan) other_source = make_plan ("https://example.org/v/43", "720p");
  g_autoptr (GanPlan) other_format = make_plan ("https://example.org/v/42", "1080p");
  g_autoptr (GanStateFile) state = make_state (plan);
  g_autoptr (GanStateFile) back = NULL;
  g_autofree char *path = gan_test_folder_dup_path (place, "A film.part.json");
  g_auto (GStrv) names = NULL;
  struct stat info;

  state->aside = gan_version_new ();
  gan_version_set_have (state->aside, 900);
  save (state, folder);
  back = gan_state_file_load (folder, "A film");
  g_assert_nonnull (back);
  g_assert_cmpstr (back->file, ==, "A film.mp4");
  g_assert_cmpuint (back->inode, ==, 77);
  g_assert_cmpstr (back->version->etag, ==, "\"v1\"");
  g_assert_cmpint (back->version->length, ==, 1000);
  g_assert_cmpint (gan_version_get_have (back->version), ==, 600);
  g_assert_cmpint (gan_version_get_have (back->aside), ==, 900);
  g_assert_false (back->complete);

  g_assert_true (gan_state_file_is_of (back, plan, NULL));
  g_assert_false (gan_state_file_is_of (back, plan, "other.mp4"));
  g_assert_false (gan_state_file_is_of (back, other_source, NULL));
  g_assert_false (gan_state_file_is_of (back, other_format, NULL));

  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 07777, ==, 0600);
  g_assert_true (gan_state_file_remove (back, folder, NULL));
  names = gan_test_folder_list (place);
  g_assert_cmpuint (g_strv_length (names), ==, 0);
}

/* Neither a signed media URL nor a header nor a token of the link stands in it. */
static void
test_secrets (void)
{
  g_autoptr (GanTestFolder) place = gan_test_folder_new ();
  g_autoptr (GanFolder) folder = open_folder (place);
  g_autoptr (GanPlan) plan = make_plan ("https://example.org/v/42?token=" SECRET, "720p");
  g_autoptr (GanPlan) other = make_plan ("https://example.org/v/42?token=another", "720p");
  g_autoptr (GanStateFile) state = make_state (plan);
  g_autoptr (GanStateFile) back = NULL;
  g_autoptr (GBytes) bytes = NULL;

  save (state, folder);
  bytes = gan_test_folder_load (place, "A film.part.json");
  g_assert_null (
      g_strstr_len (g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes), SECRET));
  g_assert_null (g_strstr_len (g_bytes_get_data (bytes, NULL),
                               (gssize) g_bytes_get_size (bytes),
                               "media.example.org"));
  back = gan_state_file_load (folder, "A film");
  g_assert_true (gan_state_file_is_of (back, plan, NULL));
  g_assert_false (gan_state_file_is_of (back, other, NULL));
}

/* A text with one member replaced, and what is then thought of it. */
static void
check_hostile (const char *from, const char *to, gboolean is_ours)
{
  g_autoptr (GanTestFolder) place = gan_test_folder_new ();
  g_autoptr (GanFolder) folder = open_folder (place);
  g_autoptr (GanPlan) plan = make_plan ("https://example.org/v/42", "720p");
  g_autoptr (GanStateFile) state = make_state (plan);
  g_autoptr (GanStateFile) back = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GString) text = NULL;

  save (state, folder);
  bytes = gan_test_folder_load (place, "A film.part.json");
  text = g_string_new_len (g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes));
  g_assert_cmpuint (g_string_replace (text, from, to, 1), ==, 1);
  gan_test_folder_write (place, "A film.part.json", text->str, (gssize) text->len);
  back = gan_state_file_load (folder, "A film");
  g_test_message ("%s", to);
  g_assert_cmpint (back != NULL, ==, is_ours);
}

static void
test_hostile (void)
{
  check_hostile ("\"length\"", "\"length\"", TRUE);
  check_hostile ("\"A film.mp4\"", "\"../A film.mp4\"", FALSE);
  check_hostile ("\"A film.mp4\"", "\"/etc/passwd\"", FALSE);
  check_hostile ("\"A film.mp4\"", "\"..\"", FALSE);
  check_hostile ("\"A film.mp4\"", "\"\"", FALSE);
  check_hostile ("\"A film.mp4\"", "null", FALSE);
  check_hostile ("\"A film.mp4\"", "[1]", FALSE);
  check_hostile ("\"done\": 600", "\"done\": -1", FALSE);
  check_hostile ("\"done\": 600", "\"done\": 1001", FALSE);
  check_hostile ("\"done\": 600", "\"done\": 9223372036854775807", FALSE);
  check_hostile ("\"done\": 600", "\"done\": 99999999999999999999", FALSE);
  check_hostile ("\"done\": 600", "\"done\": {}", FALSE);
  check_hostile ("\"done\": 600", "\"done\": 5e2", TRUE);
  check_hostile ("\"start\": 0", "\"start\": -5", FALSE);
  check_hostile ("\"start\": 0", "\"start\": 9223372036854775807", FALSE);
  check_hostile ("\"durable\": 0", "\"durable\": 601", FALSE);
  check_hostile ("\"end\": 1000", "\"end\": -7", FALSE);
  check_hostile ("\"length\": 1000", "\"length\": -7", FALSE);
  check_hostile ("\"length\": 1000", "\"length\": 10", FALSE);
  check_hostile ("\"aside\": null", "\"aside\": 7", FALSE);
  check_hostile ("\"gannet_part\": 1", "\"gannet_part\": 2", FALSE);
  check_hostile ("\"gannet_part\"", "\"something_else\"", FALSE);
}

static void
check_text (const char *text, gssize length)
{
  g_autoptr (GanTestFolder) place = gan_test_folder_new ();
  g_autoptr (GanFolder) folder = open_folder (place);

  gan_test_folder_write (place, "x.part.json", text, length);
  g_assert_null (gan_state_file_load (folder, "x"));
}

static void
test_garbage (void)
{
  g_autofree char *deep = g_strnfill (100000, '[');
  g_autofree char *large = g_strnfill (2 * 1024 * 1024, ' ');
  g_autofree char *many = NULL;
  g_autoptr (GString) segments = g_string_new ("{\"gannet_part\":1,\"source\":\"s\",\"file\":\"f\","
                                               "\"version\":{\"segments\":[");

  check_text ("", 0);
  check_text ("\0\0\0\0", 4);
  check_text ("{", 1);
  check_text ("[]", 2);
  check_text ("null", 4);
  check_text ("{}", 2);
  check_text (deep, -1);
  check_text (large, -1);
  for (guint i = 0; i < 5000; i++)
    g_string_append (segments, "{\"start\":0,\"end\":null,\"done\":0,\"durable\":0},");
  g_string_append (segments, "{}]}}");
  check_text (segments->str, -1);
  many = g_strndup (segments->str, 100);
  check_text (many, -1);
}

/* A link or a pipe of that name is not read, and does not block. */
static void
test_not_a_file (void)
{
  g_autoptr (GanTestFolder) place = gan_test_folder_new ();
  g_autoptr (GanFolder) folder = open_folder (place);
  g_autofree char *link = gan_test_folder_dup_path (place, "a.part.json");
  g_autofree char *pipe = gan_test_folder_dup_path (place, "b.part.json");
  g_autofree char *subfolder = gan_test_folder_dup_path (place, "c.part.json");

  g_assert_cmpint (symlink ("/dev/zero", link), ==, 0);
  g_assert_cmpint (mkfifo (pipe, 0600), ==, 0);
  g_assert_cmpint (g_mkdir (subfolder, 0700), ==, 0);
  g_assert_null (gan_state_file_load (folder, "a"));
  g_assert_null (gan_state_file_load (folder, "b"));
  g_assert_null (gan_state_file_load (folder, "c"));
}

/* What stood where the new state is written is replaced, not written through. */
static void
test_planted (void)
{
  g_autoptr (GanTestFolder) place = gan_test_folder_new ();
  g_autoptr (GanFolder) folder = open_folder (place);
  g_autoptr (GanPlan) plan = make_plan ("https://example.org/v/42", "720p");
  g_autoptr (GanStateFile) state = make_state (plan);
  g_autofree char *victim = gan_test_folder_dup_path (place, "victim");
  g_autofree char *link = gan_test_folder_dup_path (place, "A film.part.new");
  g_autoptr (GBytes) bytes = NULL;

  gan_test_folder_write (place, "victim", "precious", -1);
  g_assert_cmpint (symlink (victim, link), ==, 0);
  save (state, folder);
  bytes = gan_test_folder_load (place, "victim");
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "precious", 8);
}

/* After another boot only what was durable counts, in both versions. */
static void
test_boot (void)
{
  g_autoptr (GanTestFolder) place = gan_test_folder_new ();
  g_autoptr (GanFolder) folder = open_folder (place);
  g_autoptr (GanPlan) plan = make_plan ("https://example.org/v/42", "720p");
  g_autoptr (GanStateFile) state = make_state (plan);
  g_autoptr (GanStateFile) same = NULL;
  g_autoptr (GanStateFile) other = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GString) text = NULL;

  gan_version_set_durable (state->version);
  gan_version_set_have (state->version, 800);
  state->aside = gan_version_new ();
  gan_version_set_have (state->aside, 900);
  save (state, folder);
  same = gan_state_file_load (folder, "A film");
  g_assert_cmpint (gan_version_get_have (same->version), ==, 800);

  bytes = gan_test_folder_load (place, "A film.part.json");
  text = g_string_new_len (g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes));
  g_assert_cmpuint (g_string_replace (text, state->boot_id, "another", 1), ==, 1);
  gan_test_folder_write (place, "A film.part.json", text->str, (gssize) text->len);
  other = gan_state_file_load (folder, "A film");
  g_assert_cmpint (gan_version_get_have (other->version), ==, 600);
  g_assert_cmpint (gan_version_get_have (other->aside), ==, 0);
}

static void
test_segments (void)
{
  g_autoptr (GanVersion) version = gan_version_new ();
  const GanSegment rows[] = { { 0, 100, 100, 100 }, { 100, 300, 150, 20 }, { 300, 400, 50, 0 } };

  g_assert_cmpint (gan_version_get_have (version), ==, 0);
  version->length = 400;
  g_array_append_vals (version->segments, rows, G_N_ELEMENTS (rows));
  g_assert_cmpint (gan_version_get_have (version), ==, 250);
  gan_version_trust_durable (version);
  g_assert_cmpint (gan_version_get_have (version), ==, 120);
  gan_version_set_have (version, 250);
  g_assert_cmpuint (version->segments->len, ==, 1);
  g_assert_cmpint (g_array_index (version->segments, GanSegment, 0).durable, ==, 100);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/state-file/round", test_round);
  g_test_add_func ("/state-file/secrets", test_secrets);
  g_test_add_func ("/state-file/H09-hostile", test_hostile);
  g_test_add_func ("/state-file/H09-garbage", test_garbage);
  g_test_add_func ("/state-file/not-a-file", test_not_a_file);
  g_test_add_func ("/state-file/planted", test_planted);
  g_test_add_func ("/state-file/K05-boot", test_boot);
  g_test_add_func ("/state-file/segments", test_segments);
  return g_test_run ();
}

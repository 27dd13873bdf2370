/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a link to its files, with a site of the test and a server that takes addresses back. */
#include "gan-download.h"
#include "gan-error.h"
#include "gan-limits.h"
#include "gan-test-file.h"
#include "gan-test-fixture.h"
#include "gan-test-platform.h"

#include <string.h>

#define POST "https://mock.example/post/1"

/* One file of the post that the site shows; path NULL: without formats. */
typedef struct
{
  const char *platform_id;
  const char *path;
} File;

/* What the site shows at the first asking, the second and so on; the last one stays. */
typedef struct
{
  const File *files;
  guint n_files;
} Post;

static struct
{
  GanTestServer *server;
  const Post *posts;
  guint n_posts;
  guint asked;
  const char *format_id;
} site;

typedef struct
{
  GanTestFolder *folder;
  GanApp *app;
  GanChoice *choice;
  GCancellable *cancellable;
  gint64 cancel_at; /* bytes of a file; -1: never */
  GPtrArray *results;
  GPtrArray *errors; /* of the files that failed */
  GError *error;     /* of all of it */
} Fixture;

static GanMedia *
make_medium (const File *file)
{
  GanMedia *medium = gan_media_new ();
  g_autofree char *path = NULL;
  g_autofree char *url = NULL;
  g_autoptr (GanFormat) format = NULL;

  gan_media_set_platform_id (medium, file->platform_id);
  gan_media_set_title (medium, "A title");
  gan_media_set_url (medium, POST);
  gan_media_set_content_type (medium, "video");
  if (file->path == NULL)
    return medium;
  path = g_strdup_printf ("%s&asked=%u", file->path, site.asked);
  url = gan_test_server_dup_url (site.server, path);
  format = gan_format_new (site.format_id, url);
  gan_format_set_ext (format, "mp4");
  gan_media_append_formats (medium, format);
  return medium;
}

static GanMedia *
show_post (GanVisit *visit, GanMatch *match, GError **error)
{
  const Post *post = &site.posts[MIN (site.asked, site.n_posts - 1)];
  g_autoptr (GanMedia) media = NULL;

  site.asked++;
  if (post->n_files == 1)
    return make_medium (&post->files[0]);
  media = gan_media_new ();
  gan_media_set_title (media, "A title");
  for (guint i = 0; i < post->n_files; i++)
    {
      g_autoptr (GanMedia) item = make_medium (&post->files[i]);

      gan_media_append_items (media, item);
    }
  return g_steal_pointer (&media);
}

static const GanTestPlatformFuncs showing = { .get_info = show_post };

static void
fixture_init (Fixture *self, const Post *posts, guint n_posts)
{
  g_autofree char *slots = NULL;
  g_autoptr (GError) error = NULL;
  GanConfig config = { 0 };

  self->folder = gan_test_folder_new ();
  slots = gan_test_folder_dup_path (self->folder, "run/slots");
  config.slots_path = slots;
  self->app = gan_app_new (&config, gan_test_platform_table, gan_test_platform_table_size, &error);
  g_assert_no_error (error);
  self->choice = gan_choice_new_best ();
  self->cancellable = g_cancellable_new ();
  self->cancel_at = -1;
  self->results = g_ptr_array_new_with_free_func ((GDestroyNotify) gan_transfer_result_free);
  self->errors = g_ptr_array_new_with_free_func ((GDestroyNotify) g_error_free);
  gan_test_platform_reset ();
  gan_test_platform_set ("mock", &showing);
  site.server = gan_test_server_new (FALSE);
  site.posts = posts;
  site.n_posts = n_posts;
  site.asked = 0;
  site.format_id = "web";
}

static void
fixture_clear (Fixture *self)
{
  g_clear_pointer (&self->app, gan_app_free);
  g_clear_pointer (&self->choice, gan_choice_unref);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->results, g_ptr_array_unref);
  g_clear_pointer (&self->errors, g_ptr_array_unref);
  g_clear_pointer (&self->folder, gan_test_folder_free);
  g_clear_error (&self->error);
  g_assert_finalize_object (g_steal_pointer (&site.server));
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

static void
progress_cb (const GanProgress *progress, gpointer user_data)
{
  Fixture *self = user_data;

  if (self->cancel_at >= 0 && progress->downloaded > self->cancel_at)
    g_cancellable_cancel (self->cancellable);
}

static void
finished_cb (GanMedia *item,
             const GanTransferResult *result,
             const GError *error,
             gpointer user_data)
{
  Fixture *self = user_data;
  GanTransferResult *copy = NULL;

  g_assert_true ((result != NULL) != (error != NULL));
  if (error != NULL)
    {
      g_test_message ("%s", error->message);
      g_ptr_array_add (self->errors, g_error_copy (error));
      return;
    }
  copy = g_new0 (GanTransferResult, 1);
  *copy = *result;
  copy->file = g_strdup (result->file);
  copy->format_id = g_strdup (result->format_id);
  g_ptr_array_add (self->results, copy);
}

static gboolean
download (Fixture *self, const char *link, const char *name)
{
  g_autofree char *folder = gan_test_folder_dup_path (self->folder, "films");
  g_autoptr (GanUrl) url = gan_url_parse (link, NULL);
  const GanDownloadOptions options = {
    .folder = folder,
    .name = name,
    .choice = self->choice,
    .progress = progress_cb,
    .finished = finished_cb,
    .user_data = self,
  };

  g_clear_error (&self->error);
  return gan_download_run (self->app, url, &options, self->cancellable, &self->error);
}

static GanTransferResult *
get_result (Fixture *self, guint index)
{
  g_assert_cmpuint (index, <, self->results->len);
  return g_ptr_array_index (self->results, index);
}

static const GError *
get_error (Fixture *self, guint index)
{
  g_assert_cmpuint (index, <, self->errors->len);
  return g_ptr_array_index (self->errors, index);
}

static void
assert_reason (const GError *error, GanErrorCode code, const char *reason)
{
  g_assert_nonnull (error);
  g_test_message ("%s", error->message);
  g_assert_true (gan_error_matches (error, code));
  g_assert_cmpstr (gan_error_get_reason (error), ==, reason);
}

/* A whole file of this name and these bytes. */
static void
assert_file (Fixture *self, guint index, const char *name, gsize size, guint32 seed)
{
  const GanTransferResult *result = get_result (self, index);
  g_autofree char *base = g_path_get_basename (result->file);
  g_autofree char *inside = g_build_filename ("films", name, NULL);
  g_autoptr (GBytes) expected = gan_test_body (size, seed);
  g_autoptr (GBytes) bytes = NULL;

  g_assert_cmpstr (base, ==, name);
  g_assert_cmpint (result->size, ==, size);
  g_assert_cmpint (result->verified, ==, GAN_VERIFIED_LENGTH);
  bytes = gan_test_folder_load (self->folder, inside);
  g_assert_true (g_bytes_equal (bytes, expected));
}

static void
assert_exists (Fixture *self, const char *name, gboolean exists)
{
  g_autofree char *inside = g_build_filename ("films", name, NULL);
  g_autofree char *path = gan_test_folder_dup_path (self->folder, inside);

  g_assert_cmpint (g_file_test (path, G_FILE_TEST_EXISTS), ==, exists);
}

static const File three_files[] = {
  { "a", "/file/a.mp4?size=1000&seed=1" },
  { "b", "/file/b.mp4?size=2000&seed=2" },
  { "c", "/file/c.mp4?size=3000&seed=3" },
};

static const Post three[] = { { three_files, G_N_ELEMENTS (three_files) } };

static void
test_names (void)
{
  g_auto (Fixture) self = { 0 };

  fixture_init (&self, three, 1);
  g_assert_true (download (&self, POST, "clip.mp4"));
  g_assert_no_error (self.error);
  g_assert_cmpuint (self.results->len, ==, 3);
  g_assert_cmpuint (self.errors->len, ==, 0);
  assert_file (&self, 0, "clip.mp4", 1000, 1);
  assert_file (&self, 1, "clip-2.mp4", 2000, 2);
  assert_file (&self, 2, "clip-3.mp4", 3000, 3);
  g_assert_cmpuint (site.asked, ==, 1);
}

static void
test_default_names (void)
{
  g_auto (Fixture) self = { 0 };

  fixture_init (&self, three, 1);
  g_assert_true (download (&self, POST, NULL));
  assert_file (&self, 0, "A title [a].mp4", 1000, 1);
  assert_file (&self, 1, "A title [b].mp4", 2000, 2);
  assert_file (&self, 2, "A title [c].mp4", 3000, 3);
}

/* The others are fetched all the same, and keep their numbers. */
static void
test_one_fails (void)
{
  static const File files[] = {
    { "a", "/file/a.mp4?size=1000&seed=1" },
    { "b", "/status/b.mp4?status=404" },
    { "c", "/file/c.mp4?size=3000&seed=3" },
  };
  static const Post posts[] = { { files, G_N_ELEMENTS (files) } };
  g_auto (Fixture) self = { 0 };

  fixture_init (&self, posts, 1);
  g_assert_false (download (&self, POST, "clip.mp4"));
  g_assert_true (gan_error_matches (self.error, GAN_ERROR_NOT_FOUND));
  g_assert_cmpuint (gan_error_get_http_status (self.error), ==, 404);
  g_assert_cmpuint (self.errors->len, ==, 1);
  g_assert_cmpuint (self.results->len, ==, 2);
  assert_file (&self, 0, "clip.mp4", 1000, 1);
  assert_file (&self, 1, "clip-3.mp4", 3000, 3);
  assert_exists (&self, "clip-2.mp4", FALSE);
}

/* The error of all is that of the first that failed. */
static void
test_first_error (void)
{
  static const File files[] = {
    { "a", NULL },
    { "b", "/status/b.mp4?status=401" },
    { "c", "/file/c.mp4?size=3000&seed=3" },
  };
  static const Post posts[] = { { files, G_N_ELEMENTS (files) } };
  g_auto (Fixture) self = { 0 };

  fixture_init (&self, posts, 1);
  g_assert_false (download (&self, POST, "clip.mp4"));
  assert_reason (self.error, GAN_ERROR_NOT_FOUND, "no-media");
  g_assert_cmpuint (self.errors->len, ==, 2);
  g_assert_true (gan_error_matches (get_error (&self, 1), GAN_ERROR_LOGIN_REQUIRED));
  assert_file (&self, 0, "clip-3.mp4", 3000, 3);
}

static void
test_no_media (void)
{
  static const Post posts[] = { { NULL, 0 } };
  g_auto (Fixture) self = { 0 };

  fixture_init (&self, posts, 1);
  g_assert_false (download (&self, POST, NULL));
  assert_reason (self.error, GAN_ERROR_NOT_FOUND, "no-media");
  g_assert_cmpstr (gan_error_get_platform (self.error), ==, "mock");
  g_assert_cmpstr (gan_error_get_url (self.error), ==, POST);
  g_assert_cmpuint (self.results->len, ==, 0);
  g_assert_cmpuint (self.errors->len, ==, 1);
  assert_reason (get_error (&self, 0), GAN_ERROR_NOT_FOUND, "no-media");
  assert_exists (&self, "", FALSE);
}

static void
test_no_link (void)
{
  g_auto (Fixture) self = { 0 };

  fixture_init (&self, three, 1);
  g_assert_false (download (&self, "https://mock.example/about", NULL));
  assert_reason (self.error, GAN_ERROR_UNSUPPORTED_URL, "form");
  g_assert_cmpuint (self.errors->len, ==, 1);
  g_assert_cmpuint (site.asked, ==, 0);
}

/* What is here stays, what comes after is not begun, and the next run goes on. */
static void
test_cancel (void)
{
  static const File slow[] = {
    { "a", "/file/a.mp4?size=4000000&seed=5&rate=400000" },
    { "b", "/file/b.mp4?size=2000&seed=2" },
  };
  static const File fast[] = {
    { "a", "/file/a.mp4?size=4000000&seed=5" },
    { "b", "/file/b.mp4?size=2000&seed=2" },
  };
  static const Post posts[] = { { slow, 2 }, { fast, 2 } };
  g_auto (Fixture) self = { 0 };

  fixture_init (&self, posts, 2);
  self.cancel_at = 100000;
  g_assert_false (download (&self, POST, NULL));
  g_assert_error (self.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (self.errors->len, ==, 1);
  g_assert_error (get_error (&self, 0), G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (self.results->len, ==, 0);
  assert_exists (&self, "A title [a].mp4.part", TRUE);
  assert_exists (&self, "A title [a].mp4", FALSE);
  assert_exists (&self, "A title [b].mp4", FALSE);

  g_clear_object (&self.cancellable);
  self.cancel_at = -1;
  g_assert_true (download (&self, POST, NULL));
  g_assert_no_error (self.error);
  assert_file (&self, 0, "A title [a].mp4", 4000000, 5);
  g_assert_true (get_result (&self, 0)->resumed);
  g_assert_false (get_result (&self, 1)->resumed);
}

/* The file of an address that is taken back after each of the first `cuts` answers, of which each
 * is cut. "asked" in the address tells its age. */
static void
serve_expiring (GanTestExchange *exchange, gpointer user_data)
{
  GanTestServer *server = gan_test_exchange_get_server (exchange);
  gint64 cuts = gan_test_exchange_get_number (exchange, "cuts", 1);
  gint64 age = gan_test_exchange_get_number (exchange, "asked", 0);
  int phase = gan_test_server_get_phase (server);
  g_auto (GanTestFile) file = { NULL };

  if (phase == 0)
    gan_test_server_set_phase (server, phase = (int) age);
  if (age != phase)
    {
      gan_test_exchange_reply (exchange,
                               (guint) gan_test_exchange_get_number (exchange, "refusal", 403),
                               "text/plain",
                               "expired\n");
      return;
    }
  gan_test_file_init (&file, exchange);
  file.cut = phase <= cuts ? 100000 : -1;
  if (phase <= cuts)
    gan_test_server_set_phase (server, phase + 1);
  gan_test_file_serve (&file, exchange);
}

static void
fixture_init_expiring (Fixture *self, const Post *posts, guint n_posts)
{
  fixture_init (self, posts, n_posts);
  gan_test_server_add (site.server, "expiring", serve_expiring, NULL);
}

/* How many bytes beyond the file were sent: the overlap of each continuation, or nothing. */
static void
assert_bytes_sent (gsize size, guint continuations)
{
  g_assert_cmpuint (gan_test_server_get_body_bytes (site.server),
                    <,
                    size + continuations * (GAN_LIMIT_OVERLAP_BYTES + 1000));
}

static void
test_expired (void)
{
  static const char *const paths[] = {
    "/expiring/a.mp4?size=500000&seed=9",
    "/expiring/a.mp4?size=500000&seed=9&refusal=404",
    "/expiring/a.mp4?size=500000&seed=9&refusal=410",
  };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      const File files[] = { { "a", paths[i] } };
      const Post posts[] = { { files, 1 } };
      g_auto (Fixture) self = { 0 };

      fixture_init_expiring (&self, posts, 1);
      g_assert_true (download (&self, POST, NULL));
      g_assert_no_error (self.error);
      assert_file (&self, 0, "A title [a].mp4", 500000, 9);
      g_assert_cmpuint (site.asked, ==, 2);
      g_assert_cmpuint (gan_test_server_count (site.server, "expiring"), ==, 3);
      assert_bytes_sent (500000, 1);
    }
}

/* As long as each fresh address brings new bytes, there may be many of them. */
static void
test_expired_often (void)
{
  static const File files[] = { { "a", "/expiring/a.mp4?size=500000&seed=9&cuts=3" } };
  static const Post posts[] = { { files, 1 } };
  g_auto (Fixture) self = { 0 };

  fixture_init_expiring (&self, posts, 1);
  g_assert_true (download (&self, POST, NULL));
  g_assert_no_error (self.error);
  assert_file (&self, 0, "A title [a].mp4", 500000, 9);
  g_assert_cmpuint (site.asked, ==, 4);
  assert_bytes_sent (500000, 3);
}

static void
refuse_after_cut (GanTestExchange *exchange, gpointer user_data)
{
  g_auto (GanTestFile) file = { NULL };

  if (gan_test_server_count (gan_test_exchange_get_server (exchange), "refusing") > 1)
    {
      gan_test_exchange_reply (exchange, 403, "text/plain", "no\n");
      return;
    }
  gan_test_file_init (&file, exchange);
  file.cut = 100000;
  gan_test_file_serve (&file, exchange);
}

/* A fresh address that is no better is not asked for again. */
static void
test_expired_for_good (void)
{
  static const File files[] = { { "a", "/refusing/a.mp4?size=500000&seed=9" } };
  static const Post posts[] = { { files, 1 } };
  g_auto (Fixture) self = { 0 };

  fixture_init (&self, posts, 1);
  gan_test_server_add (site.server, "refusing", refuse_after_cut, NULL);
  g_assert_false (download (&self, POST, NULL));
  assert_reason (self.error, GAN_ERROR_NOT_ALLOWED, "expired");
  g_assert_cmpuint (site.asked, ==, 2);
  g_assert_cmpuint (gan_test_server_count (site.server, "refusing"), ==, 3);
  assert_exists (&self, "A title [a].mp4.part", TRUE);
}

/* The same file of the post is meant, wherever it stands by then. */
static void
test_expired_item (void)
{
  static const File before[] = {
    { "a", "/file/a.mp4?size=1000&seed=1" },
    { "b", "/expiring/b.mp4?size=500000&seed=2" },
  };
  static const File after[] = {
    { "b", "/expiring/b.mp4?size=500000&seed=2" },
    { "a", "/file/a.mp4?size=1000&seed=1" },
  };
  static const Post posts[] = { { before, 2 }, { after, 2 } };
  g_auto (Fixture) self = { 0 };

  fixture_init_expiring (&self, posts, 2);
  g_assert_true (download (&self, POST, "clip.mp4"));
  g_assert_no_error (self.error);
  assert_file (&self, 0, "clip.mp4", 1000, 1);
  assert_file (&self, 1, "clip-2.mp4", 500000, 2);
  g_assert_cmpuint (site.asked, ==, 2);
}

static void
test_expired_and_removed (void)
{
  static const File before[] = {
    { "a", "/expiring/a.mp4?size=500000&seed=9" },
    { "b", "/file/b.mp4?size=2000&seed=2" },
  };
  static const Post posts[] = { { before, 2 }, { before + 1, 1 } };
  g_auto (Fixture) self = { 0 };

  fixture_init_expiring (&self, posts, 2);
  g_assert_false (download (&self, POST, NULL));
  assert_reason (self.error, GAN_ERROR_NOT_FOUND, "removed");
  assert_exists (&self, "A title [a].mp4.part", TRUE);
  assert_file (&self, 0, "A title [b].mp4", 2000, 2);
}

static void
change_format (GanTestExchange *exchange, gpointer user_data)
{
  site.format_id = "other";
  serve_expiring (exchange, NULL);
}

static void
test_expired_format_gone (void)
{
  static const File files[] = { { "a", "/changing/a.mp4?size=500000&seed=9" } };
  static const Post posts[] = { { files, 1 } };
  g_auto (Fixture) self = { 0 };

  fixture_init (&self, posts, 1);
  gan_test_server_add (site.server, "changing", change_format, NULL);
  g_assert_false (download (&self, POST, NULL));
  assert_reason (self.error, GAN_ERROR_NOT_FOUND, "no-format");
  g_assert_cmpuint (site.asked, ==, 2);
  assert_exists (&self, "A title [a].mp4.part", TRUE);
}

/* What run_many told, a line each. */
typedef struct
{
  GString *told;
  GanDownloadTotals totals;
  guint n_totals;
} Many;

static void
many_finished_cb (guint index,
                  GanLibraryRow *row,
                  const GanTransferResult *result,
                  const GError *error,
                  gpointer user_data)
{
  Many *self = user_data;
  g_autofree char *name = result != NULL ? g_path_get_basename (result->file) : NULL;

  g_string_append_printf (self->told,
                          "%u %s\n",
                          index,
                          name != NULL ? name : gan_error_code_to_string (error->code));
}

static void
many_totals_cb (const GanDownloadTotals *totals, gpointer user_data)
{
  Many *self = user_data;

  g_assert_cmpint (totals->downloaded, >=, self->totals.downloaded);
  self->totals = *totals;
  self->n_totals++;
}

static gboolean
download_many (Fixture *self, guint n_at_once, Many *many)
{
  static const char *const links[] = { "https://mock.example/post/1",
                                       "not a link",
                                       "https://mock.example/about",
                                       "https://mock.example/post/2",
                                       NULL };
  g_autofree char *folder = gan_test_folder_dup_path (self->folder, "films");
  const GanDownloadOptions options = { .folder = folder, .choice = self->choice };
  const GanDownloadListener listener = {
    .finished = many_finished_cb,
    .totals = many_totals_cb,
    .user_data = many,
  };

  g_clear_error (&self->error);
  return gan_download_run_many (self->app,
                                links,
                                n_at_once,
                                &options,
                                &listener,
                                self->cancellable,
                                &self->error);
}

/* In the order of the links, whichever is ready first; the error is that of the first that failed.
 */
static void
test_many (void)
{
  for (guint n_at_once = 0; n_at_once <= 4; n_at_once++)
    {
      g_auto (Fixture) self = { 0 };
      Many many = { .told = g_string_new (NULL) };
      g_autoptr (GString) told = many.told;

      fixture_init (&self, three, 1);
      g_assert_false (download_many (&self, n_at_once, &many));
      assert_reason (self.error, GAN_ERROR_UNSUPPORTED_URL, gan_error_get_reason (self.error));
      if (n_at_once <= 1)
        g_assert_cmpstr (told->str,
                         ==,
                         "0 A title [a].mp4\n0 A title [b].mp4\n0 A title [c].mp4\n"
                         "1 unsupported-url\n2 unsupported-url\n"
                         "3 A title [a] (1).mp4\n3 A title [b] (1).mp4\n3 A title [c] (1).mp4\n");
      else
        g_assert_true (g_regex_match_simple ("^(0 .*\n){3}1 unsupported-url\n2 unsupported-url\n"
                                             "(3 .*\n){3}$",
                                             told->str,
                                             0,
                                             0));
      g_assert_cmpuint (many.totals.n_links, ==, 4);
      g_assert_cmpuint (many.totals.n_done, ==, 2);
      g_assert_cmpuint (many.totals.n_failed, ==, 2);
      g_assert_cmpint (many.totals.downloaded, ==, 12000);
      g_assert_cmpint (many.totals.total, ==, 12000);
    }
}

static void
test_many_cancelled (void)
{
  g_auto (Fixture) self = { 0 };
  Many many = { .told = g_string_new (NULL) };
  g_autoptr (GString) told = many.told;

  fixture_init (&self, three, 1);
  g_cancellable_cancel (self.cancellable);
  g_assert_false (download_many (&self, 2, &many));
  g_assert_true (gan_error_is_cancelled (self.error));
  g_assert_cmpstr (told->str, ==, "");
  g_assert_cmpuint (site.asked, ==, 0);
}

static void
resolved_cb (GanMedia *media, gpointer user_data)
{
  Fixture *self = user_data;

  g_assert_cmpstr (gan_media_get_title (media), ==, "A title");
  g_assert_cmpuint (self->results->len + self->errors->len, ==, 0);
  self->cancel_at = 4711;
}

/* What is too large is not asked for, neither by what the site says nor by what the server does. */
static void
test_constraints (void)
{
  static const GanConstraints constraints[] = {
    { .kinds = 1 << GAN_KIND_IMAGE },
    { .max_bytes = 2500 },
    { .max_bytes = 3000, .kinds = 1 << GAN_KIND_VIDEO },
  };

  for (guint i = 0; i < G_N_ELEMENTS (constraints); i++)
    {
      g_auto (Fixture) self = { 0 };
      g_autofree char *folder = NULL;
      g_autoptr (GanUrl) url = gan_url_parse (POST, NULL);
      GanDownloadOptions options = {
        .constraints = &constraints[i],
        .resolved = resolved_cb,
        .finished = finished_cb,
        .user_data = &self,
      };

      fixture_init (&self, three, 1);
      folder = gan_test_folder_dup_path (self.folder, "films");
      options.folder = folder;
      options.choice = self.choice;
      g_assert_cmpint (gan_download_run (self.app, url, &options, NULL, &self.error), ==, i == 2);
      g_assert_cmpint (self.cancel_at, ==, 4711);
      if (i < 2)
        g_assert_true (gan_error_matches (self.error, GAN_ERROR_TOO_LARGE));
      g_assert_cmpuint (self.results->len, ==, i == 0 ? 0 : i == 1 ? 2 : 3);
      g_assert_cmpuint (gan_test_server_count (site.server, NULL), ==, i == 0 ? 0 : 3);
      assert_exists (&self, "A title [c].mp4", i == 2);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/download/names", test_names);
  g_test_add_func ("/download/default-names", test_default_names);
  g_test_add_func ("/download/one-fails", test_one_fails);
  g_test_add_func ("/download/first-error", test_first_error);
  g_test_add_func ("/download/no-media", test_no_media);
  g_test_add_func ("/download/no-link", test_no_link);
  g_test_add_func ("/download/cancel", test_cancel);
  g_test_add_func ("/download/S25-expired", test_expired);
  g_test_add_func ("/download/S25-often", test_expired_often);
  g_test_add_func ("/download/S25-for-good", test_expired_for_good);
  g_test_add_func ("/download/S25-item", test_expired_item);
  g_test_add_func ("/download/S25-removed", test_expired_and_removed);
  g_test_add_func ("/download/S25-format-gone", test_expired_format_gone);
  g_test_add_func ("/download/many", test_many);
  g_test_add_func ("/download/many-cancelled", test_many_cancelled);
  g_test_add_func ("/download/constraints", test_constraints);
  return g_test_run ();
}

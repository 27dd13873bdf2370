/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gan-error.h"
#include "gan-limits.h"
#include "gan-test-fixture.h"
#include "gan-test-platform.h"
#include "gan-test-run.h"
#include "gan-test-server.h"
#include "gan-thumbnail-cache.h"
#include "gan-thumbnail-file.h"
#include "gan-thumbnails-private.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <utime.h>

#define PATIENCE (60 * G_TIME_SPAN_SECOND)
#define FOLDER "cache/thumbnails"
#define FULL_BYTES (64 * 1024)

typedef struct
{
  GanTestServer *server;
  GanTestFolder *folder;
  GanApp *app;
  GanThumbnails *thumbnails;
  GBytes *picture;
} Fixture;

/* What came of one request. */
typedef struct
{
  GanPicture *picture;
  GError *error;
  gboolean is_done;
} Loaded;

/* Pictures of the scenario "gate" are served once it is open. */
static GMutex gate_mutex;
static GCond gate_changed;
static gboolean gate_is_open;

static void
set_gate (gboolean open)
{
  g_mutex_lock (&gate_mutex);
  gate_is_open = open;
  g_cond_broadcast (&gate_changed);
  g_mutex_unlock (&gate_mutex);
}

static void
serve_picture (GanTestExchange *exchange, gpointer user_data)
{
  gan_test_exchange_serve_bytes (exchange, user_data);
}

static void
serve_behind_gate (GanTestExchange *exchange, gpointer user_data)
{
  g_mutex_lock (&gate_mutex);
  while (!gate_is_open)
    g_cond_wait (&gate_changed, &gate_mutex);
  g_mutex_unlock (&gate_mutex);
  gan_test_exchange_serve_bytes (exchange, user_data);
}

static void
serve_page (GanTestExchange *exchange, gpointer user_data)
{
  gan_test_exchange_reply (exchange, 200, "text/html", "<html><svg/></html>");
}

static void
serve_nothing (GanTestExchange *exchange, gpointer user_data)
{
  gan_test_exchange_reply (exchange, 404, "text/plain", "gone");
}

static GBytes *
load_picture (void)
{
  g_autofree char *path = gan_test_program_dup_path ("tests/media/color.png");
  g_autoptr (GError) error = NULL;
  char *data = NULL;
  gsize length = 0;

  g_file_get_contents (path, &data, &length, &error);
  g_assert_no_error (error);
  return g_bytes_new_take (data, length);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *cache = NULL;
  g_autofree char *slots = NULL;
  g_autofree char *program = gan_test_program_dup_path ("src/media/gannet-media");
  g_autoptr (GError) error = NULL;
  GanConfig config = { 0 };

  fixture->folder = gan_test_folder_new ();
  cache = gan_test_folder_dup_path (fixture->folder, "cache");
  slots = gan_test_folder_dup_path (fixture->folder, "slots");
  config.cache_dir = cache;
  config.slots_path = slots;
  config.media_program = program;
  fixture->picture = load_picture ();
  fixture->server = gan_test_server_new (FALSE);
  gan_test_server_add (fixture->server, "picture", serve_picture, fixture->picture);
  gan_test_server_add (fixture->server, "gate", serve_behind_gate, fixture->picture);
  gan_test_server_add (fixture->server, "page", serve_page, NULL);
  gan_test_server_add (fixture->server, "gone", serve_nothing, NULL);
  fixture->app
      = gan_app_new (&config, gan_test_platform_table, gan_test_platform_table_size, &error);
  g_assert_no_error (error);
  fixture->thumbnails = gan_thumbnails_new (fixture->app);
  set_gate (TRUE);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  set_gate (TRUE);
  g_assert_finalize_object (fixture->thumbnails);
  gan_app_free (fixture->app);
  g_assert_finalize_object (fixture->server);
  g_bytes_unref (fixture->picture);
  gan_test_folder_free (fixture->folder);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Loaded *loaded = user_data;

  loaded->picture = gan_thumbnails_load_finish (GAN_THUMBNAILS (source), result, &loaded->error);
  loaded->is_done = TRUE;
}

static void
loaded_clear (Loaded *loaded)
{
  g_clear_pointer (&loaded->picture, gan_picture_free);
  g_clear_error (&loaded->error);
  loaded->is_done = FALSE;
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Loaded, loaded_clear)

static gboolean
wake_cb (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

static void
wait_done (const Loaded *loaded)
{
  gint64 deadline = g_get_monotonic_time () + PATIENCE;
  guint wake = g_timeout_add (100, wake_cb, NULL);

  while (!loaded->is_done)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_main_context_iteration (NULL, TRUE);
    }
  g_source_remove (wake);
}

static void
start (Fixture *fixture, const char *path, int size, GCancellable *cancellable, Loaded *loaded)
{
  g_autofree char *url = gan_test_server_dup_url (fixture->server, path);

  gan_thumbnails_load_async (fixture->thumbnails, url, size, cancellable, loaded_cb, loaded);
}

static void
load (Fixture *fixture, const char *path, int size, Loaded *loaded)
{
  start (fixture, path, size, NULL, loaded);
  wait_done (loaded);
}

static void
assert_loads (Fixture *fixture, const char *path)
{
  g_auto (Loaded) loaded = { NULL, NULL, FALSE };
  const guint8 *pixel = NULL;

  load (fixture, path, 160, &loaded);
  g_assert_no_error (loaded.error);
  g_assert_cmpint (loaded.picture->width, ==, 160);
  g_assert_cmpint (loaded.picture->height, ==, 90);
  pixel = g_bytes_get_data (loaded.picture->pixels, NULL);
  g_assert_cmpmem (pixel, 4, "\x20\x60\xc0\xff", 4);
}

/* The only thumbnail of the cache. */
static char *
dup_only_file (Fixture *fixture)
{
  g_autofree char *folder = gan_test_folder_dup_path (fixture->folder, FOLDER);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name = NULL;
  char *path = NULL;

  g_assert_nonnull (dir);
  name = g_dir_read_name (dir);
  g_assert_nonnull (name);
  path = g_build_filename (folder, name, NULL);
  g_assert_null (g_dir_read_name (dir));
  return path;
}

static guint
count_files (Fixture *fixture)
{
  g_autofree char *folder = gan_test_folder_dup_path (fixture->folder, FOLDER);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n += 1;
  return n;
}

static void
test_load (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) requests = NULL;
  const GanTestRequest *request = NULL;

  assert_loads (fixture, "/picture/a.png");
  requests = gan_test_server_dup_requests (fixture->server, "picture");
  g_assert_cmpuint (requests->len, ==, 1);
  request = g_ptr_array_index (requests, 0);
  g_assert_cmpstr (g_hash_table_lookup (request->headers, "accept"),
                   ==,
                   "image/webp,image/png,image/jpeg,image/gif");

  /* From memory, then from disk. */
  assert_loads (fixture, "/picture/a.png");
  gan_thumbnails_forget (fixture->thumbnails);
  assert_loads (fixture, "/picture/a.png");
  g_assert_cmpuint (gan_test_server_count (fixture->server, "picture"), ==, 1);

  /* Another size is another picture. */
  {
    g_auto (Loaded) loaded = { NULL, NULL, FALSE };

    load (fixture, "/picture/a.png", 16, &loaded);
    g_assert_cmpint (loaded.picture->width, ==, 16);
  }
}

static void
test_p12_modes (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = gan_test_folder_dup_path (fixture->folder, FOLDER);
  g_autofree char *file = NULL;
  struct stat status;

  assert_loads (fixture, "/picture/a.png");
  file = dup_only_file (fixture);
  g_assert_cmpint (stat (file, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
  g_assert_cmpint (stat (folder, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0700);
  /* What was private in the address is not in the name. */
  g_assert_null (strstr (file, "a.png"));
}

static void
test_shared (Fixture *fixture, gconstpointer data)
{
  Loaded loaded[5] = { 0 };

  set_gate (FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (loaded); i++)
    start (fixture, "/gate/a.png", 160, NULL, &loaded[i]);
  set_gate (TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (loaded); i++)
    {
      wait_done (&loaded[i]);
      g_assert_no_error (loaded[i].error);
      g_assert_cmpint (loaded[i].picture->width, ==, 160);
      loaded_clear (&loaded[i]);
    }
  g_assert_cmpuint (gan_test_server_count (fixture->server, "gate"), ==, 1);
}

/* Rows that are scrolled past are never asked for. */
static void
test_cancel_early (Fixture *fixture, gconstpointer data)
{
  enum
  {
    N_FIRST = 4,
    N_ALL = 40
  };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Loaded loaded[N_ALL] = { 0 };

  set_gate (FALSE);
  for (guint i = 0; i < N_ALL; i++)
    {
      g_autofree char *path = g_strdup_printf ("/gate/%u.png", i);

      start (fixture, path, 160, i < N_FIRST ? NULL : cancellable, &loaded[i]);
      while (i + 1 == N_FIRST && gan_test_server_count (fixture->server, "gate") < N_FIRST)
        g_main_context_iteration (NULL, FALSE);
    }
  g_cancellable_cancel (cancellable);
  for (guint i = N_FIRST; i < N_ALL; i++)
    {
      wait_done (&loaded[i]);
      g_assert_error (loaded[i].error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      loaded_clear (&loaded[i]);
    }
  set_gate (TRUE);
  for (guint i = 0; i < N_FIRST; i++)
    {
      wait_done (&loaded[i]);
      g_assert_no_error (loaded[i].error);
      loaded_clear (&loaded[i]);
    }
  g_assert_cmpuint (gan_test_server_count (fixture->server, "gate"), ==, N_FIRST);
}

/* One of two gives up: the other one gets it; both: nobody does, and it can be asked for again. */
static void
test_cancel_shared (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) first = g_cancellable_new ();
  g_autoptr (GCancellable) second = g_cancellable_new ();
  g_auto (Loaded) one = { NULL, NULL, FALSE };
  g_auto (Loaded) two = { NULL, NULL, FALSE };

  set_gate (FALSE);
  start (fixture, "/gate/a.png", 160, first, &one);
  start (fixture, "/gate/a.png", 160, second, &two);
  while (gan_test_server_count (fixture->server, "gate") < 1)
    g_main_context_iteration (NULL, FALSE);
  g_cancellable_cancel (first);
  wait_done (&one);
  g_assert_error (one.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (two.is_done);
  set_gate (TRUE);
  wait_done (&two);
  g_assert_no_error (two.error);

  loaded_clear (&one);
  g_cancellable_reset (first);
  set_gate (FALSE);
  start (fixture, "/gate/b.png", 160, first, &one);
  while (gan_test_server_count (fixture->server, "gate") < 2)
    g_main_context_iteration (NULL, FALSE);
  g_cancellable_cancel (first);
  wait_done (&one);
  g_assert_error (one.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  set_gate (TRUE);
  assert_loads (fixture, "/gate/b.png");
}

static void
assert_fails (Fixture *fixture, const char *path, GanErrorCode code)
{
  g_auto (Loaded) loaded = { NULL, NULL, FALSE };

  load (fixture, path, 160, &loaded);
  g_assert_error (loaded.error, GAN_ERROR, (int) code);
}

/* A list that is scrolled up and down asks once for what is not there. */
static void
test_failures (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 3; i++)
    {
      assert_fails (fixture, "/gone/a.png", GAN_ERROR_NOT_FOUND);
      assert_fails (fixture, "/page/a.png", GAN_ERROR_INVALID_DATA);
    }
  g_assert_cmpuint (gan_test_server_count (fixture->server, "gone"), ==, 1);
  g_assert_cmpuint (gan_test_server_count (fixture->server, "page"), ==, 1);
  g_assert_cmpuint (count_files (fixture), ==, 0);
  gan_thumbnails_forget (fixture->thumbnails);
  assert_fails (fixture, "/gone/a.png", GAN_ERROR_NOT_FOUND);
  g_assert_cmpuint (gan_test_server_count (fixture->server, "gone"), ==, 2);
}

static void
test_too_large (Fixture *fixture, gconstpointer data)
{
  g_autofree guint8 *zeros = g_malloc0 (GAN_LIMIT_PICTURE_BYTES + 1);
  g_autoptr (GBytes) large = g_bytes_new (zeros, GAN_LIMIT_PICTURE_BYTES + 1);

  gan_test_server_add (fixture->server, "large", serve_picture, large);
  assert_fails (fixture, "/large/a.png", GAN_ERROR_TOO_LARGE);
}

static void
test_schemes (Fixture *fixture, gconstpointer data)
{
  static const char *const urls[] = {
    "file:///etc/passwd",        "data:image/png;base64,iVBORw0KGgo=",
    "ftp://files.example/a.png", "resource:///org/x/a.png",
    "javascript:alert(1)",       "",
  };

  for (guint i = 0; i < G_N_ELEMENTS (urls); i++)
    {
      g_auto (Loaded) loaded = { NULL, NULL, FALSE };

      gan_thumbnails_load_async (fixture->thumbnails, urls[i], 160, NULL, loaded_cb, &loaded);
      wait_done (&loaded);
      g_assert_null (loaded.picture);
      g_assert_nonnull (loaded.error);
      g_assert_cmpuint (loaded.error->domain, ==, GAN_ERROR);
    }
}

/* D14: what is damaged is fetched again, and put in its place. */
static void
test_d14_damaged (Fixture *fixture, gconstpointer data)
{
  static const char *const spoiled[] = { "", "GANTHUM1", "no thumbnail at all" };
  g_autofree char *file = NULL;
  guint n = 1;

  assert_loads (fixture, "/picture/a.png");
  file = dup_only_file (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (spoiled); i++)
    {
      g_assert_true (g_file_set_contents (file, spoiled[i], -1, NULL));
      gan_thumbnails_forget (fixture->thumbnails);
      assert_loads (fixture, "/picture/a.png");
      g_assert_cmpuint (gan_test_server_count (fixture->server, "picture"), ==, ++n);
      gan_thumbnails_forget (fixture->thumbnails);
      assert_loads (fixture, "/picture/a.png");
      g_assert_cmpuint (gan_test_server_count (fixture->server, "picture"), ==, n);
    }
}

/* D14: no folder can be made, as on a full disk: shown all the same. */
static void
test_d14_no_folder (Fixture *fixture, gconstpointer data)
{
  gan_test_folder_write (fixture->folder, "cache", "a file", -1);
  assert_loads (fixture, "/picture/a.png");
  gan_thumbnails_forget (fixture->thumbnails);
  assert_loads (fixture, "/picture/a.png");
  g_assert_cmpuint (gan_test_server_count (fixture->server, "picture"), ==, 2);
}

/* D14: there is a folder, and no room in it. */
static void
test_d14_full_disk (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = gan_test_folder_dup_path (fixture->folder, FOLDER);
  g_autofree char *filler = g_build_filename (folder, "filler", NULL);
  g_autofree char *zeros = g_malloc0 (FULL_BYTES);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  if (mount ("tmpfs", folder, "tmpfs", 0, "size=64k,mode=0700") != 0)
    {
      g_test_skip ("needs the right to mount");
      return;
    }
  g_assert_true (g_file_set_contents (filler, zeros, FULL_BYTES, NULL));
  for (guint i = 0; i < 2; i++)
    {
      assert_loads (fixture, "/picture/a.png");
      gan_thumbnails_forget (fixture->thumbnails);
    }
  g_assert_cmpuint (gan_test_server_count (fixture->server, "picture"), ==, 2);
  g_assert_cmpuint (count_files (fixture), ==, 1);

  /* With room again, it is kept. */
  g_assert_cmpint (g_unlink (filler), ==, 0);
  assert_loads (fixture, "/picture/a.png");
  gan_thumbnails_forget (fixture->thumbnails);
  assert_loads (fixture, "/picture/a.png");
  g_assert_cmpuint (gan_test_server_count (fixture->server, "picture"), ==, 3);
  g_assert_cmpint (umount2 (folder, MNT_DETACH), ==, 0);
}

static void
test_caps (Fixture *fixture, gconstpointer data)
{
  gan_thumbnails_set_limits (fixture->thumbnails, G_MAXINT64, 8);
  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *path = g_strdup_printf ("/picture/%u.png", i);

      assert_loads (fixture, path);
      g_assert_cmpuint (count_files (fixture), <=, 8);
    }
  g_assert_cmpuint (count_files (fixture), >=, 6);
}

static GanPicture *
make_picture (int width, int height, guint8 seed)
{
  GanPicture *picture = g_new0 (GanPicture, 1);
  gsize length = (gsize) width * (gsize) height * 4;
  guint8 *pixels = g_malloc (length);

  for (gsize i = 0; i < length; i++)
    pixels[i] = (guint8) (i * i * 31 + seed);
  picture->width = width;
  picture->height = height;
  picture->pixels = g_bytes_new_take (pixels, length);
  return picture;
}

static char *
make_key (guint number)
{
  return g_strdup_printf ("%064x", number);
}

/* By bytes, and the least recently used first. */
static void
test_trim (void)
{
  g_autoptr (GanTestFolder) folder = gan_test_folder_new ();
  g_autofree char *path = gan_test_folder_dup_path (folder, "thumbnails");
  g_autoptr (GanThumbnailCache) cache = gan_thumbnail_cache_new (path, G_MAXINT64, G_MAXUINT);
  g_autoptr (GanThumbnailCache) small = NULL;
  g_autoptr (GanPicture) picture = make_picture (64, 64, 1);
  g_autoptr (GBytes) file = gan_thumbnail_file_pack (picture, NULL);
  gsize size = g_bytes_get_size (file);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  for (guint i = 0; i < 10; i++)
    {
      g_autofree char *key = make_key (i);
      g_autofree char *name = g_build_filename (path, key, NULL);
      struct utimbuf times = { now - 100000 + i, now - 100000 + i };

      g_assert_true (gan_thumbnail_cache_store (cache, key, picture, NULL));
      g_assert_cmpint (g_utime (name, &times), ==, 0);
    }
  {
    /* The oldest has been looked at now. */
    g_autofree char *key = make_key (0);
    g_autoptr (GanPicture) used = gan_thumbnail_cache_load (cache, key);

    g_assert_nonnull (used);
  }
  small = gan_thumbnail_cache_new (path, (gint64) size * 8, G_MAXUINT);
  gan_thumbnail_cache_trim (small);
  for (guint i = 0; i < 10; i++)
    {
      g_autofree char *key = make_key (i);
      g_autoptr (GanPicture) left = gan_thumbnail_cache_load (cache, key);

      /* Seven eighths of what is allowed are left: 7 of 8. */
      if (i == 0 || i >= 4)
        g_assert_nonnull (left);
      else
        g_assert_null (left);
    }
}

static void
test_file (void)
{
  g_autoptr (GanPicture) picture = make_picture (7, 5, 3);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) file = gan_thumbnail_file_pack (picture, &error);
  g_autoptr (GanPicture) same = NULL;
  gsize length = 0;
  const guint8 *data = NULL;

  g_assert_no_error (error);
  same = gan_thumbnail_file_unpack (file, &error);
  g_assert_no_error (error);
  g_assert_cmpint (same->width, ==, 7);
  g_assert_cmpint (same->height, ==, 5);
  g_assert_true (g_bytes_equal (same->pixels, picture->pixels));

  data = g_bytes_get_data (file, &length);
  for (gsize i = 0; i < length; i++)
    {
      g_autofree guint8 *changed = g_memdup2 (data, length);
      g_autoptr (GBytes) spoiled = NULL;
      g_autoptr (GBytes) cut = g_bytes_new (data, i);
      g_autoptr (GanPicture) from_spoiled = NULL;
      g_autoptr (GanPicture) from_cut = gan_thumbnail_file_unpack (cut, NULL);

      changed[i] ^= 0x10;
      spoiled = g_bytes_new (changed, length);
      from_spoiled = gan_thumbnail_file_unpack (spoiled, NULL);
      g_assert_null (from_spoiled);
      g_assert_null (from_cut);
    }
}

/* K13: killed while it writes, again and again: what has a thumbnail's name is a whole one. */
static void
test_k13_killed (void)
{
  g_autoptr (GanTestFolder) folder = gan_test_folder_new ();
  g_autofree char *path = gan_test_folder_dup_path (folder, "thumbnails");
  g_autofree char *program = gan_test_program_dup_path ("tests/service/thumbnails-run");
  const char *argv[] = { program, path, NULL };
  g_autoptr (GanThumbnailCache) cache = gan_thumbnail_cache_new (path, G_MAXINT64, G_MAXUINT);
  guint n_files = 0;

  for (guint round = 0; round < 5; round++)
    {
      g_autoptr (GanTestRun) run = gan_test_run_start (argv, NULL, NULL, NULL);

      g_assert_true (gan_test_run_wait_output (run, "busy\n", 30000));
      gan_test_run_kill (run, SIGKILL);
      g_assert_true (gan_test_run_wait (run, 30000));
      for (guint i = 0; i < 16; i++)
        {
          g_autofree char *key = make_key (i);
          g_autoptr (GanPicture) picture = gan_thumbnail_cache_load (cache, key);

          g_assert_nonnull (picture);
          n_files += 1;
        }
    }
  g_assert_cmpuint (n_files, ==, 5 * 16);
}

/* K13: what the killed one was writing goes, but not what another process may be writing now. */
static void
test_k13_remains (void)
{
  g_autoptr (GanTestFolder) folder = gan_test_folder_new ();
  g_autofree char *path = gan_test_folder_dup_path (folder, "thumbnails");
  g_autofree char *key = make_key (1);
  g_autofree char *old_name = g_strconcat (path, "/", key, ".AAAAAA", NULL);
  g_autofree char *new_name = g_strconcat (path, "/", key, ".BBBBBB", NULL);
  g_autoptr (GanThumbnailCache) cache = gan_thumbnail_cache_new (path, G_MAXINT64, G_MAXUINT);
  g_autoptr (GanPicture) picture = make_picture (8, 8, 1);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  struct utimbuf times = { now - 3600, now - 3600 };

  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  g_assert_true (g_file_set_contents (old_name, "half", -1, NULL));
  g_assert_true (g_file_set_contents (new_name, "half", -1, NULL));
  g_assert_cmpint (g_utime (old_name, &times), ==, 0);
  g_assert_true (gan_thumbnail_cache_store (cache, key, picture, NULL));
  g_assert_false (g_file_test (old_name, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (new_name, G_FILE_TEST_EXISTS));
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    void (*test) (Fixture *fixture, gconstpointer data);
  } tests[] = {
    { "/thumbnails/load", test_load },
    { "/thumbnails/P12-modes", test_p12_modes },
    { "/thumbnails/shared", test_shared },
    { "/thumbnails/cancel-early", test_cancel_early },
    { "/thumbnails/cancel-shared", test_cancel_shared },
    { "/thumbnails/failures", test_failures },
    { "/thumbnails/too-large", test_too_large },
    { "/thumbnails/schemes", test_schemes },
    { "/thumbnails/D14-damaged", test_d14_damaged },
    { "/thumbnails/D14-no-folder", test_d14_no_folder },
    { "/thumbnails/D14-full-disk", test_d14_full_disk },
    { "/thumbnails/caps", test_caps },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  g_test_add_func ("/thumbnails/trim", test_trim);
  g_test_add_func ("/thumbnails/file", test_file);
  g_test_add_func ("/thumbnails/K13-killed", test_k13_killed);
  g_test_add_func ("/thumbnails/K13-remains", test_k13_remains);
  return g_test_run ();
}

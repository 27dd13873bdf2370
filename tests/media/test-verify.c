/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bodies whose length nobody announces: what the container says decides (contracts.md §5). */
#include "gan-test-media.h"
#include "gan-test-transfer.h"

#include <string.h>
#include <unistd.h>

/* How a body ends. libsoup 3.2 takes the second for an orderly end, newer ones for a cut. */
typedef enum
{
  ENDS_WITH_CONNECTION,
  ENDS_BETWEEN_CHUNKS, /* without the last, empty one */
  ENDS_IN_A_CHUNK,
  N_ENDS,
} End;

/* What the server has. It honours no ranges. */
typedef struct
{
  GBytes *file;
  gsize sent;   /* bytes of it that it sends while it cuts */
  guint n_cuts; /* requests that are cut; the others get all of it */
  End end;
} Source;

static void
serve (GanTestExchange *exchange, gpointer user_data)
{
  const Source *source = user_data;
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (source->file, &size);
  gsize length = gan_test_exchange_get_nth (exchange) < source->n_cuts ? source->sent : size;

  gan_test_exchange_printf (exchange,
                            "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n%s\r\n",
                            source->end == ENDS_WITH_CONNECTION ? "Connection: close\r\n"
                                                                : "Transfer-Encoding: chunked\r\n");
  if (source->end != ENDS_WITH_CONNECTION)
    gan_test_exchange_printf (exchange,
                              "%" G_GSIZE_MODIFIER "x\r\n",
                              source->end == ENDS_IN_A_CHUNK ? length + 1 : length);
  gan_test_exchange_write (exchange, data, length);
  if (source->end == ENDS_BETWEEN_CHUNKS)
    gan_test_exchange_printf (exchange, "\r\n");
  gan_test_exchange_close (exchange, FALSE);
}

/* Takes a clip from the server, which cuts the first @n_cuts answers in the middle. */
static GanTransferResult *
fetch (GanTestTransfer *self, const char *name, guint n_cuts, End end, GError **error)
{
  g_autoptr (GBytes) file = gan_test_media_load (name);
  Source source = { file, g_bytes_get_size (file) / 2 + 3, n_cuts, end };
  g_autofree char *target = g_strconcat ("/clip/", name, NULL);

  gan_test_server_add (self->server, "clip", serve, &source);
  return gan_test_transfer_run (self, target, error);
}

static void
assert_fetched (GanTestTransfer *self,
                const char *name,
                guint n_cuts,
                End end,
                GanVerified verified)
{
  g_autoptr (GBytes) file = gan_test_media_load (name);
  g_autoptr (GBytes) saved = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GanTransferResult) result = fetch (self, name, n_cuts, end, &error);

  g_assert_no_error (error);
  g_assert_cmpint (result->verified, ==, verified);
  saved = gan_test_folder_load (self->folder, name);
  g_assert_true (g_bytes_equal (saved, file));
  gan_test_transfer_assert_names (self, name);
  g_assert_cmpint (unlink (result->file), ==, 0);
  gan_test_server_reset (self->server);
}

static void
assert_truncated (GanTestTransfer *self, const char *name, End end)
{
  g_autofree char *part = g_strconcat (name, ".part", NULL);
  g_autofree char *path = gan_test_folder_dup_path (self->folder, name);
  g_autofree char *part_path = gan_test_folder_dup_path (self->folder, part);
  g_autoptr (GError) error = NULL;
  g_autoptr (GanTransferResult) result = fetch (self, name, G_MAXUINT, end, &error);

  g_assert_null (result);
  g_assert_error (error, GAN_ERROR, GAN_ERROR_TRUNCATED);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (part_path, G_FILE_TEST_EXISTS));
  gan_test_server_reset (self->server);
}

static const char *const known[] = {
  "clip.avi",  "clip.mkv",      "clip.mp3",      "clip.mp4",  "clip.ogg",  "clip.opus",  "clip.wav",
  "clip.webm", "faststart.mp4", "fragments.mp4", "color.jpg", "color.png", "color.webp",
};

static void
use_helper (GanTestTransfer *self, GanMediaHelper *helper)
{
  self->options.media = helper;
}

/* Whole however it ended: the container says so. */
static void
test_whole (GanTestTransfer *self, gconstpointer data)
{
  g_autoptr (GanMediaHelper) helper = gan_test_media_new_helper ();

  use_helper (self, helper);
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    {
      for (End end = 0; end < N_ENDS; end++)
        assert_fetched (self, known[i], 0, end, GAN_VERIFIED_CONTAINER);
    }
}

/* An end in the middle is found out, and is no file. */
static void
test_truncated (GanTestTransfer *self, gconstpointer data)
{
  g_autoptr (GanMediaHelper) helper = gan_test_media_new_helper ();

  use_helper (self, helper);
  assert_truncated (self, "clip.mp4", ENDS_WITH_CONNECTION);
  assert_truncated (self, "clip.webm", ENDS_WITH_CONNECTION);
  assert_truncated (self, "clip.ogg", ENDS_BETWEEN_CHUNKS);
  assert_truncated (self, "clip.ogg", ENDS_IN_A_CHUNK);
}

/* What was cut once is fetched again. */
static void
test_cut_once (GanTestTransfer *self, gconstpointer data)
{
  g_autoptr (GanMediaHelper) helper = gan_test_media_new_helper ();

  use_helper (self, helper);
  for (End end = 0; end < N_ENDS; end++)
    assert_fetched (self, "clip.mp4", 1, end, GAN_VERIFIED_CONTAINER);
}

/* Nothing in these says where they end. */
static void
test_unknown (GanTestTransfer *self, gconstpointer data)
{
  g_autoptr (GanMediaHelper) helper = gan_test_media_new_helper ();

  use_helper (self, helper);
  assert_fetched (self, "clip.ts", 0, ENDS_WITH_CONNECTION, GAN_VERIFIED_NONE);
}

/* Without a helper, or with one that every file kills, all is as it was. */
static void
test_no_helper (GanTestTransfer *self, gconstpointer data)
{
  g_autofree char *program = gan_test_program_dup_path ("tests/media/bad-helper");
  g_autoptr (GanTestFolder) folder = gan_test_folder_new ();
  g_autofree char *link = gan_test_folder_dup_path (folder, "crash");
  g_autoptr (GanMediaHelper) missing = gan_media_helper_new ("/nowhere/gannet-media");
  g_autoptr (GanMediaHelper) bad = NULL;

  use_helper (self, NULL);
  assert_fetched (self, "clip.mp4", 0, ENDS_WITH_CONNECTION, GAN_VERIFIED_NONE);
  use_helper (self, missing);
  assert_fetched (self, "clip.mp4", 0, ENDS_WITH_CONNECTION, GAN_VERIFIED_NONE);
  g_assert_cmpint (symlink (program, link), ==, 0);
  bad = gan_media_helper_new (link);
  use_helper (self, bad);
  assert_fetched (self, "clip.mp4", 0, ENDS_WITH_CONNECTION, GAN_VERIFIED_NONE);
}

/* Paused while the container is looked at, which here would take for ever; gone on with later. */
typedef struct
{
  GanTestTransfer *transfer;
  GError *error;
} Run;

static gpointer
run_thread (gpointer data)
{
  Run *run = data;
  g_autoptr (GanTransferResult) result
      = fetch (run->transfer, "clip.mp4", 0, ENDS_WITH_CONNECTION, &run->error);

  g_assert_null (result);
  return NULL;
}

static void
test_cancelled (GanTestTransfer *self, gconstpointer data)
{
  g_autofree char *program = gan_test_program_dup_path ("tests/media/bad-helper");
  g_autoptr (GanTestFolder) folder = gan_test_folder_new ();
  g_autofree char *link = gan_test_folder_dup_path (folder, "silent");
  g_autoptr (GanMediaHelper) silent = NULL;
  g_autoptr (GanMediaHelper) helper = gan_test_media_new_helper ();
  Run run = { self, NULL };
  GThread *thread = NULL;

  g_assert_cmpint (symlink (program, link), ==, 0);
  silent = gan_media_helper_new (link);
  use_helper (self, silent);
  thread = g_thread_new ("run", run_thread, &run);
  while (gan_test_media_find_child () == 0)
    g_thread_yield ();
  g_cancellable_cancel (self->cancellable);
  g_thread_join (thread);
  g_assert_error (run.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&run.error);

  g_cancellable_reset (self->cancellable);
  gan_test_server_reset (self->server);
  use_helper (self, helper);
  assert_fetched (self, "clip.mp4", 0, ENDS_WITH_CONNECTION, GAN_VERIFIED_CONTAINER);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  GAN_TEST_ADD ("/verify/whole", test_whole);
  GAN_TEST_ADD ("/verify/truncated", test_truncated);
  GAN_TEST_ADD ("/verify/cut-once", test_cut_once);
  GAN_TEST_ADD ("/verify/unknown", test_unknown);
  GAN_TEST_ADD ("/verify/no-helper", test_no_helper);
  GAN_TEST_ADD ("/verify/cancelled", test_cancelled);
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of finished files: searched, filtered, paged, restored. */
#include "config.h"

#include "gan-test-store.h"

typedef GanTestStoreOpen Fixture;

static guint
count_kind (Fixture *self, const char *content_type)
{
  GanLibraryFilter filter = { .content_type = content_type };
  g_autoptr (GPtrArray) rows = gan_store_find_files_sync (self->store, &filter, NULL);

  return rows->len;
}

static void
test_search (Fixture *self, gconstpointer data)
{
  static const struct
  {
    const char *text;
    guint n;
  } cases[] = {
    { "", 4 },
    { "  ", 4 },
    { "ÜBER", 1 },
    { "über alles grün", 0 },
    { "GRÜN über", 1 },
    { "u\xcc\x88"
      "ber",
      1 },
    { "ПРИВЕТ", 1 },
    { "100%", 1 },
    { "%", 1 },
    { "_", 1 },
    { "mp4", 4 },
    { "videos", 0 },
    { "somebody", 1 },
    { "'", 1 },
    { "a b c d e f g h i", 0 },
    { "\xff", 0 },
    { "STRASSE", 1 },
  };

  gan_test_store_add_file (self, "/videos/1.mp4", "Über den grünen Hügel – Grün", "somebody");
  gan_test_store_add_file (self, "/videos/2.mp4", "привет, мир", NULL);
  gan_test_store_add_file (self, "/videos/3.mp4", "100% of it's_all", NULL);
  gan_test_store_add_file (self, "/videos/Straße.mp4", NULL, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint n = gan_test_store_count_found (self, cases[i].text);

      if (n != cases[i].n)
        g_test_message ("looked for \"%s\"", cases[i].text);
      g_assert_cmpuint (n, ==, cases[i].n);
    }
  gan_test_store_assert_stats (self, 4, 0, 4000);
}

static void
test_filter (Fixture *self, gconstpointer data)
{
  GanLibraryFilter filter = { NULL };
  g_autoptr (GPtrArray) page = NULL;
  gint64 ids[2] = { 0 };

  for (guint i = 0; i < 6; i++)
    {
      g_autofree char *file = g_strdup_printf ("/videos/%u.mp4", i);
      g_autoptr (GanLibraryRow) row = gan_library_row_new (file);

      gan_library_row_set_platform (row, i < 3 ? "vimeo" : "reddit");
      gan_library_row_set_content_type (row, i % 2 == 0 ? "video" : "audio");
      gan_library_row_set_finished_at (row, 1000 + i);
      g_assert_true (gan_store_add_file_sync (self->store, row, NULL));
    }
  filter.platform = "reddit";
  filter.since = 1004;
  page = gan_store_find_files_sync (self->store, &filter, NULL);
  g_assert_cmpuint (page->len, ==, 2);
  g_clear_pointer (&page, g_ptr_array_unref);
  filter = (GanLibraryFilter){ .content_type = "video", .limit = 2, .offset = 1 };
  page = gan_store_find_files_sync (self->store, &filter, NULL);
  g_assert_cmpuint (page->len, ==, 2);
  g_assert_cmpstr (gan_library_row_get_file (page->pdata[0]), ==, "/videos/2.mp4");
  g_assert_cmpstr (gan_library_row_get_file (page->pdata[1]), ==, "/videos/0.mp4");
  g_assert_cmpuint (count_kind (self, "file"), ==, 0);
  gan_test_store_add_file (self, "/videos/6.zip", "no kind at all", NULL);
  g_assert_cmpuint (count_kind (self, "file"), ==, 1);
  g_assert_cmpuint (count_kind (self, "audio"), ==, 3);
  for (guint i = 0; i < 2; i++)
    ids[i] = gan_library_row_get_id (page->pdata[i]);
  g_assert_true (gan_store_forget_files_sync (self->store, ids, 2, NULL));
  g_assert_cmpuint (gan_test_store_count_found (self, NULL), ==, 5);
}

static void
add_file_at (Fixture *self, const char *file, gint64 finished_at)
{
  g_autoptr (GanLibraryRow) row = gan_library_row_new (file);

  gan_library_row_set_finished_at (row, finished_at);
  gan_library_row_set_url (row, "https://example.org/?token=abc");
  gan_library_row_set_platform (row, "vimeo");
  gan_library_row_set_size (row, 1000);
  g_assert_true (gan_store_add_file_sync (self->store, row, NULL));
}

/* Page after page, files of one second among them: each row once, whatever is added at the top. */
static void
test_pages (Fixture *self, gconstpointer data)
{
  GanLibraryFilter filter = { .limit = 2 };
  g_autoptr (GString) seen = g_string_new (NULL);
  g_autoptr (GanLibraryRow) last = NULL;

  for (guint i = 0; i < 7; i++)
    {
      g_autofree char *file = g_strdup_printf ("/%u", i);

      add_file_at (self, file, 1000 + i / 4);
    }
  g_assert_cmpint (gan_store_count_files_sync (self->store, NULL, NULL), ==, 7);
  for (;;)
    {
      g_autoptr (GPtrArray) page = NULL;

      filter.before = last;
      page = gan_store_find_files_sync (self->store, &filter, NULL);
      for (guint i = 0; i < page->len; i++)
        g_string_append (seen, gan_library_row_get_file (page->pdata[i]));
      if (page->len < filter.limit)
        break;
      g_set_object (&last, page->pdata[page->len - 1]);
      add_file_at (self, seen->str, 2000);
    }
  g_assert_cmpstr (seen->str, ==, "/6/5/4/3/2/1/0");
}

/* What was forgotten comes back as it was, and takes nobody's place. */
static void
test_restore (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) before = NULL;
  g_autoptr (GPtrArray) after = NULL;
  gint64 ids[2] = { 0 };

  add_file_at (self, "/0", 1000);
  add_file_at (self, "/1", 1001);
  before = gan_test_store_find (self, NULL);
  for (guint i = 0; i < 2; i++)
    ids[i] = gan_library_row_get_id (before->pdata[i]);
  g_assert_true (gan_store_forget_files_sync (self->store, ids, 2, NULL));
  g_assert_true (gan_store_restore_files_sync (self->store, before, NULL));
  after = gan_test_store_find (self, NULL);
  g_assert_cmpuint (after->len, ==, 2);
  for (guint i = 0; i < 2; i++)
    gan_test_store_assert_same (before->pdata[i], after->pdata[i]);
  gan_test_store_assert_stats (self, 2, 0, 2000);

  /* A new file has the id of the one, the other is there again by itself. */
  g_assert_true (gan_store_forget_files_sync (self->store, ids, 2, NULL));
  add_file_at (self, "/2", 1002);
  add_file_at (self, "/1", 1003);
  g_assert_true (gan_store_restore_files_sync (self->store, before, NULL));
  g_clear_pointer (&after, g_ptr_array_unref);
  after = gan_test_store_find (self, NULL);
  g_assert_cmpuint (after->len, ==, 3);
  g_assert_cmpstr (gan_library_row_get_file (after->pdata[0]), ==, "/1");
  g_assert_cmpint (gan_library_row_get_finished_at (after->pdata[0]), ==, 1003);
  g_assert_cmpstr (gan_library_row_get_file (after->pdata[1]), ==, "/2");
  g_assert_cmpstr (gan_library_row_get_file (after->pdata[2]), ==, "/0");
}

/* A file that was deleted and downloaded again is in the library once. */
static void
test_same_file (Fixture *self, gconstpointer data)
{
  gan_test_store_add_file (self, "/videos/1.mp4", "first", NULL);
  gan_test_store_add_file (self, "/videos/1.mp4", "second", NULL);
  g_assert_cmpuint (gan_test_store_count_found (self, NULL), ==, 1);
  g_assert_cmpuint (gan_test_store_count_found (self, "second"), ==, 1);
}

#define ADD(path, func)                                                                            \
  g_test_add (path, Fixture, NULL, gan_test_store_open_set_up, func, gan_test_store_open_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/library/search", test_search);
  ADD ("/library/filter", test_filter);
  ADD ("/library/pages", test_pages);
  ADD ("/library/restore", test_restore);
  ADD ("/library/same-file", test_same_file);
  return g_test_run ();
}

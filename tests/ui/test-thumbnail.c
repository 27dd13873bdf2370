/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gan-test-exchange.h"
#include "gan-test-ui.h"
#include "gan-thumbnail.h"

#define SIDE 64

static GBytes *
make_png (void)
{
  g_autoptr (GBytes) pixels = g_bytes_new_take (g_malloc0 (SIDE * SIDE * 4), SIDE * SIDE * 4);
  g_autoptr (GdkTexture) texture
      = gdk_memory_texture_new (SIDE, SIDE, GDK_MEMORY_R8G8B8A8, pixels, SIDE * 4);

  return gdk_texture_save_to_png_bytes (texture);
}

static void
answer_picture (GanTestExchange *exchange, gpointer user_data)
{
  gan_test_exchange_serve_bytes (exchange, user_data);
}

static int n_gone;

static void
answer_never (GanTestExchange *exchange, gpointer user_data)
{
  gboolean gone = gan_test_exchange_wait_gone (exchange, 20000);

  g_assert_true (gone);
  g_atomic_int_inc (&n_gone);
}

typedef struct
{
  GanTestUi ui;
  GBytes *png;
  GtkWidget *window;
  GtkWidget *box;
  GanThumbnail *thumbnail;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  gan_test_ui_set_up (&self->ui, data);
  g_atomic_int_set (&n_gone, 0);
  self->png = make_png ();
  gan_test_server_add (self->ui.server, "picture", answer_picture, self->png);
  gan_test_server_add (self->ui.server, "never", answer_never, NULL);
  self->window = gtk_window_new ();
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  self->thumbnail = GAN_THUMBNAIL (gan_thumbnail_new ());
  gtk_box_append (GTK_BOX (self->box), GTK_WIDGET (self->thumbnail));
  gtk_window_set_child (GTK_WINDOW (self->window), self->box);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  gan_test_ui_destroy (self->window);
  gan_test_ui_tear_down (&self->ui, data);
  g_bytes_unref (self->png);
}

static void
set_url (Fixture *self, const char *path)
{
  g_autofree char *url = gan_test_server_dup_url (self->ui.server, path);

  gan_thumbnail_set_url (self->thumbnail,
                         gan_session_get_thumbnails (self->ui.session),
                         url,
                         "video");
}

static gboolean
has_picture (gpointer user_data)
{
  return gan_thumbnail_has_picture (user_data);
}

static gboolean
is_asked (gpointer user_data)
{
  return gan_test_server_count (user_data, "never") == 1;
}

static gboolean
is_gone (gpointer user_data)
{
  return g_atomic_int_get (&n_gone) == 1;
}

/* What cannot be seen is not asked for; what can is, once. */
static void
test_seen (Fixture *self, gconstpointer data)
{
  int width = 0;
  int height = 0;

  set_url (self, "/picture/1.png");
  g_assert_false (gan_test_server_wait_count (self->ui.server, "picture", 1, 200));
  g_assert_false (gan_thumbnail_has_picture (self->thumbnail));
  gtk_window_present (GTK_WINDOW (self->window));
  gan_test_ui_wait (has_picture, self->thumbnail);
  g_assert_cmpuint (gan_test_server_count (self->ui.server, "picture"), ==, 1);
  gtk_widget_measure (GTK_WIDGET (self->thumbnail),
                      GTK_ORIENTATION_HORIZONTAL,
                      -1,
                      &width,
                      NULL,
                      NULL,
                      NULL);
  gtk_widget_measure (GTK_WIDGET (self->thumbnail),
                      GTK_ORIENTATION_VERTICAL,
                      -1,
                      &height,
                      NULL,
                      NULL,
                      NULL);
  g_assert_cmpint (width, ==, 112);
  g_assert_cmpint (height, ==, 63);
}

static void
test_hidden_again (Fixture *self, gconstpointer data)
{
  gtk_window_present (GTK_WINDOW (self->window));
  gan_test_ui_wait_mapped (self->thumbnail);
  set_url (self, "/never/1.png");
  gan_test_ui_wait (is_asked, self->ui.server);
  gtk_widget_set_visible (self->box, FALSE);
  gan_test_ui_wait (is_gone, NULL);
  g_assert_false (gan_thumbnail_has_picture (self->thumbnail));
}

/* A row that shows something else by now does not get the picture of before. */
static void
test_something_else (Fixture *self, gconstpointer data)
{
  gtk_window_present (GTK_WINDOW (self->window));
  gan_test_ui_wait_mapped (self->thumbnail);
  set_url (self, "/never/1.png");
  gan_test_ui_wait (is_asked, self->ui.server);
  set_url (self, "/picture/2.png");
  gan_test_ui_wait (is_gone, NULL);
  gan_test_ui_wait (has_picture, self->thumbnail);
  gan_thumbnail_set_url (self->thumbnail, NULL, NULL, "audio");
  g_assert_false (gan_thumbnail_has_picture (self->thumbnail));
}

int
main (int argc, char **argv)
{
  gan_test_ui_init (&argc, &argv);
#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/thumbnail/seen", test_seen);
  ADD ("/thumbnail/hidden-again", test_hidden_again);
  ADD ("/thumbnail/something-else", test_something_else);
  return g_test_run ();
}

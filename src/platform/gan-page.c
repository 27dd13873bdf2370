/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-page.h"

struct _GanPage
{
  GPtrArray *media;
  char *next_cursor;
};

static void
page_clear (gpointer data)
{
  GanPage *self = data;

  g_ptr_array_unref (self->media);
  g_free (self->next_cursor);
}

/**
 * gan_page_new:
 *
 * Returns: (transfer full): a page without media, after which nothing follows
 */
GanPage *
gan_page_new (void)
{
  GanPage *self = g_atomic_rc_box_new0 (GanPage);

  self->media = g_ptr_array_new_with_free_func (g_object_unref);
  return self;
}

/**
 * gan_page_ref:
 * @self: a page
 *
 * Returns: (transfer full): @self with one reference more
 */
GanPage *
gan_page_ref (GanPage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

/**
 * gan_page_unref:
 * @self: (transfer full): a page
 *
 * Gives one reference back; the last one frees it.
 */
void
gan_page_unref (GanPage *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, page_clear);
}

/**
 * gan_page_append:
 * @self: a page that was not handed out yet
 * @media: (transfer none): what comes next on it
 */
void
gan_page_append (GanPage *self, GanMedia *media)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (GAN_IS_MEDIA (media));

  g_ptr_array_add (self->media, g_object_ref (media));
}

/**
 * gan_page_set_next_cursor:
 * @self: a page that was not handed out yet
 * @cursor: (nullable): what the site wants to be told to give the next page; %NULL when this is the
 *   last one
 */
void
gan_page_set_next_cursor (GanPage *self, const char *cursor)
{
  g_return_if_fail (self != NULL);

  g_free (self->next_cursor);
  self->next_cursor = g_strdup (cursor);
}

/**
 * gan_page_get_n_media:
 * @self: a page
 *
 * Returns: how many media are on it
 */
guint
gan_page_get_n_media (GanPage *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->media->len;
}

/**
 * gan_page_get_media:
 * @self: a page
 * @index: from 0
 *
 * Returns: (transfer none): a medium on it
 */
GanMedia *
gan_page_get_media (GanPage *self, guint index)
{
  g_return_val_if_fail (self != NULL && index < self->media->len, NULL);

  return g_ptr_array_index (self->media, index);
}

/**
 * gan_page_get_next_cursor:
 * @self: a page
 *
 * Returns: (transfer none) (nullable): what to ask the next page with, or %NULL on the last one
 */
const char *
gan_page_get_next_cursor (GanPage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->next_cursor;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stores thumbnails in the folder that is named, until it is killed. */
#include "gan-thumbnail-cache.h"

#include <string.h>

#define SIDE 320
#define KEYS 16

int
main (int argc, char **argv)
{
  g_autoptr (GanThumbnailCache) cache = NULL;

  if (argc != 2)
    return 2;
  cache = gan_thumbnail_cache_new (argv[1], G_MAXINT64, G_MAXUINT);
  for (guint i = 0; TRUE; i++)
    {
      g_autofree char *key = g_strdup_printf ("%064x", i % KEYS);
      guint8 *pixels = g_malloc (SIDE * SIDE * 4);
      GanPicture picture = { SIDE, SIDE, NULL };

      /* Large enough files that a kill hits the middle of one. */
      memset (pixels, (int) (i / KEYS % 256), SIDE * SIDE * 4);
      for (gsize n = 0; n < SIDE * SIDE * 4; n += 97)
        pixels[n] = (guint8) (n * i);
      picture.pixels = g_bytes_new_take (pixels, SIDE * SIDE * 4);
      if (!gan_thumbnail_cache_store (cache, key, &picture, NULL))
        return 1;
      g_bytes_unref (picture.pixels);
      if (i == 2 * KEYS)
        g_print ("busy\n");
    }
}

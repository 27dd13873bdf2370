/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-picture-decode.h"

#include "gan-error.h"
#include "gan-picture-header.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <string.h>
#include <webp/decode.h>
#include <webp/demux.h>

/* The size that a picture is decoded to. */
typedef struct
{
  guint width;
  guint height;
} Size;

/**
 * gan_pixels_clear: (skip)
 */
void
gan_pixels_clear (GanPixels *self)
{
  g_clear_pointer (&self->pixels, g_free);
}

/* The same shape within a square, never larger than it was. */
static Size
fit (guint width, guint height, guint max_size)
{
  guint longer = MAX (width, height);
  Size size = { width, height };

  if (longer > max_size)
    {
      size.width = MAX (1, (guint) (((guint64) width * max_size + longer / 2) / longer));
      size.height = MAX (1, (guint) (((guint64) height * max_size + longer / 2) / longer));
    }
  return size;
}

static void
set_decode_error (GError **error, GError *problem)
{
  gboolean memory
      = g_error_matches (problem, GDK_PIXBUF_ERROR, GDK_PIXBUF_ERROR_INSUFFICIENT_MEMORY);

  gan_error_set (error,
                 memory ? GAN_ERROR_TOO_LARGE : GAN_ERROR_INVALID_DATA,
                 memory ? "memory" : "picture",
                 "%s",
                 problem != NULL ? problem->message : "the picture cannot be decoded");
  g_clear_error (&problem);
}

static void
size_prepared_cb (GdkPixbufLoader *loader, int width, int height, gpointer user_data)
{
  const Size *size = user_data;

  gdk_pixbuf_loader_set_size (loader, (int) size->width, (int) size->height);
}

/* A picture whose end is missing still shows what is there; one without any is an error. */
static GdkPixbuf *
load_pixbuf (const GanPictureHeader *header, const guint8 *data, Size size, GError **error)
{
  static const char *const types[] = { "jpeg", "png", "gif" };
  static const guint8 gif_end[] = { 0x3b };
  GError *problem = NULL;
  GdkPixbuf *pixbuf = NULL;
  g_autoptr (GdkPixbufLoader) loader
      = gdk_pixbuf_loader_new_with_type (types[header->format], &problem);
  gboolean ok = FALSE;

  if (loader == NULL)
    {
      set_decode_error (error, problem);
      return NULL;
    }
  g_signal_connect (loader, "size-prepared", G_CALLBACK (size_prepared_cb), &size);
  ok = gdk_pixbuf_loader_write (loader, data, header->first_frame, &problem);
  if (ok && header->format == GAN_PICTURE_GIF)
    ok = gdk_pixbuf_loader_write (loader, gif_end, sizeof gif_end, &problem);
  gdk_pixbuf_loader_close (loader, ok ? &problem : NULL);
  pixbuf = problem == NULL ? gdk_pixbuf_loader_get_pixbuf (loader) : NULL;
  if (pixbuf == NULL)
    {
      set_decode_error (error, problem);
      return NULL;
    }
  return g_object_ref (pixbuf);
}

/* Turned as the camera noted, scaled if the decoder could not, with alpha. */
static GdkPixbuf *
finish_pixbuf (GdkPixbuf *pixbuf, guint max_size)
{
  g_autoptr (GdkPixbuf) turned = gdk_pixbuf_apply_embedded_orientation (pixbuf);
  g_autoptr (GdkPixbuf) scaled = NULL;
  Size size = { 0, 0 };

  if (turned == NULL)
    return NULL;
  size = fit ((guint) gdk_pixbuf_get_width (turned),
              (guint) gdk_pixbuf_get_height (turned),
              max_size);
  scaled
      = gdk_pixbuf_scale_simple (turned, (int) size.width, (int) size.height, GDK_INTERP_BILINEAR);
  return scaled != NULL ? gdk_pixbuf_add_alpha (scaled, FALSE, 0, 0, 0) : NULL;
}

static gboolean
take_pixels (GanPixels *pixels, GdkPixbuf *pixbuf)
{
  gsize stride = (gsize) gdk_pixbuf_get_rowstride (pixbuf);
  const guint8 *rows = gdk_pixbuf_read_pixels (pixbuf);

  pixels->width = (guint) gdk_pixbuf_get_width (pixbuf);
  pixels->height = (guint) gdk_pixbuf_get_height (pixbuf);
  pixels->pixels = g_try_malloc ((gsize) pixels->width * pixels->height * 4);
  if (pixels->pixels == NULL)
    return FALSE;
  for (guint y = 0; y < pixels->height; y++)
    memcpy (pixels->pixels + (gsize) y * pixels->width * 4,
            rows + y * stride,
            (gsize) pixels->width * 4);
  return TRUE;
}

static gboolean
decode_pixbuf (GanPixels *pixels,
               const GanPictureHeader *header,
               const guint8 *data,
               guint max_size,
               GError **error)
{
  g_autoptr (GdkPixbuf) loaded
      = load_pixbuf (header, data, fit (header->width, header->height, max_size), error);
  g_autoptr (GdkPixbuf) finished = loaded != NULL ? finish_pixbuf (loaded, max_size) : NULL;

  if (finished != NULL && take_pixels (pixels, finished))
    return TRUE;
  if (loaded != NULL)
    gan_error_set (error, GAN_ERROR_TOO_LARGE, "memory", "there is no memory for the picture");
  return FALSE;
}

static gboolean
decode_webp_frame (GanPixels *pixels, WebPData frame, guint max_size)
{
  WebPDecoderConfig config;
  Size size = { 0, 0 };

  if (!WebPInitDecoderConfig (&config)
      || WebPGetFeatures (frame.bytes, frame.size, &config.input) != VP8_STATUS_OK
      || config.input.width <= 0 || config.input.height <= 0)
    return FALSE;
  size = fit ((guint) config.input.width, (guint) config.input.height, max_size);
  pixels->width = size.width;
  pixels->height = size.height;
  pixels->pixels = g_try_malloc0 ((gsize) size.width * size.height * 4);
  if (pixels->pixels == NULL)
    return FALSE;
  config.options.use_scaling = 1;
  config.options.scaled_width = (int) size.width;
  config.options.scaled_height = (int) size.height;
  config.output.colorspace = MODE_RGBA;
  config.output.is_external_memory = 1;
  config.output.u.RGBA.rgba = pixels->pixels;
  config.output.u.RGBA.stride = (int) size.width * 4;
  config.output.u.RGBA.size = (gsize) size.width * size.height * 4;
  return WebPDecode (frame.bytes, frame.size, &config) == VP8_STATUS_OK;
}

/* A moving picture's first frame stands for it, alone. */
static gboolean
decode_webp (GanPixels *pixels, const guint8 *data, gsize length, guint max_size, GError **error)
{
  WebPData file = { data, length };
  WebPDemuxer *demuxer = WebPDemux (&file);
  WebPIterator first = { 0 };
  gboolean ok = FALSE;

  if (demuxer != NULL && WebPDemuxGetFrame (demuxer, 1, &first))
    {
      ok = decode_webp_frame (pixels, first.fragment, max_size);
      WebPDemuxReleaseIterator (&first);
    }
  WebPDemuxDelete (demuxer);
  if (!ok)
    gan_error_set (error, GAN_ERROR_INVALID_DATA, "picture", "the picture cannot be decoded");
  return ok;
}

/**
 * gan_picture_decode:
 * @pixels: (out caller-allocates): zero-filled; what it shows, the longer side at most @max_size
 * @data: a whole file
 * @length: its bytes
 * @max_size: of the longer side, in pixels
 * @error: %GAN_ERROR_INVALID_DATA, %GAN_ERROR_TOO_LARGE
 *
 * JPEG and WebP are scaled while they are decoded. Of what moves, only the first picture is
 * decoded.
 *
 * Returns: whether there are pixels
 */
gboolean
gan_picture_decode (GanPixels *pixels,
                    const guint8 *data,
                    gsize length,
                    guint max_size,
                    GError **error)
{
  GanPictureHeader header = { 0 };

  g_return_val_if_fail (pixels != NULL && max_size > 0, FALSE);

  if (!gan_picture_header_read (&header, data, length, error))
    return FALSE;
  if (header.format == GAN_PICTURE_WEBP)
    return decode_webp (pixels, data, length, max_size, error);
  return decode_pixbuf (pixels, &header, data, max_size, error);
}

/**
 * gan_picture_decode_prepare:
 * @error: %GAN_ERROR_INTERNAL when a decoder is missing
 *
 * Loads the decoders that are modules, by decoding one pixel: later there are no files.
 *
 * Returns: whether all are there
 */
gboolean
gan_picture_decode_prepare (GError **error)
{
  static const guint8 gif[]
      = { 'G',  'I',  'F', '8', '9', 'a', 1, 0, 1, 0, 0x80, 0, 0, 0,    0, 0, 0xff, 0xff,
          0xff, 0x2c, 0,   0,   0,   0,   1, 0, 1, 0, 0,    2, 2, 0x44, 1, 0, 0x3b };
  static const char *const types[] = { "jpeg", "png" };
  g_auto (GanPixels) pixels = { 0, 0, NULL };
  g_autoptr (GError) problem = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (types) && problem == NULL; i++)
    {
      g_autoptr (GdkPixbufLoader) loader = gdk_pixbuf_loader_new_with_type (types[i], &problem);

      if (loader != NULL)
        gdk_pixbuf_loader_close (loader, NULL);
    }
  if (problem == NULL)
    gan_picture_decode (&pixels, gif, sizeof gif, 1, &problem);
  if (problem == NULL)
    return TRUE;
  gan_error_set (error, GAN_ERROR_INTERNAL, "decoder", "%s", problem->message);
  return FALSE;
}

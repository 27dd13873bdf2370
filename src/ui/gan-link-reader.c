/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-link-reader.h"

#include "gan-limits.h"

#define CHUNK_BYTES (64 * 1024)

/* In the order in which they are preferred: what says clearly what is a link comes first. GTK 4.8
 * asks X11 for text/plain with a charset only, so that plain text of some programs comes out empty
 * unless its own type is read. */
static const struct
{
  const char *type;
  GanLinksFormat format;
} types[] = {
  { "text/uri-list", GAN_LINKS_URI_LIST }, { "text/x-moz-url", GAN_LINKS_MOZ_URL },
  { "_NETSCAPE_URL", GAN_LINKS_NETSCAPE }, { "text/plain;charset=utf-8", GAN_LINKS_TEXT },
  { "UTF8_STRING", GAN_LINKS_TEXT },       { "text/plain", GAN_LINKS_TEXT },
};

/* NULL at the end, as GDK wants it. */
static const char *const type_names[] = {
  "text/uri-list",
  "text/x-moz-url",
  "_NETSCAPE_URL",
  "text/plain;charset=utf-8",
  "UTF8_STRING",
  "text/plain",
  NULL,
};

G_STATIC_ASSERT (G_N_ELEMENTS (type_names) == G_N_ELEMENTS (types) + 1);

typedef struct
{
  GanLinksFormat format;
  GInputStream *stream;
  GByteArray *data;
} Reading;

static void
reading_free (Reading *reading)
{
  g_clear_object (&reading->stream);
  g_byte_array_unref (reading->data);
  g_free (reading);
}

/**
 * gan_link_reader_make_formats:
 *
 * Returns: (transfer full): what can be read
 */
GdkContentFormats *
gan_link_reader_make_formats (void)
{
  return gdk_content_formats_new ((const char **) type_names, G_N_ELEMENTS (type_names) - 1);
}

static GanLinksFormat
find_format (const char *type)
{
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      if (g_ascii_strcasecmp (types[i].type, type) == 0)
        return types[i].format;
    }
  return GAN_LINKS_TEXT;
}

static void
finish (GTask *task, Reading *reading)
{
  GanLinks *links = gan_links_new ();

  gan_links_add_data (links,
                      (const char *) reading->data->data,
                      reading->data->len,
                      reading->format);
  g_task_return_pointer (task, links, (GDestroyNotify) gan_links_free);
}

static void read_more (GTask *task);

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Reading *reading = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GBytes) bytes
      = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, &error);
  gsize length = 0;
  const guint8 *data = NULL;

  if (bytes == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  data = g_bytes_get_data (bytes, &length);
  if (length > 0)
    g_byte_array_append (reading->data, data, (guint) length);
  /* One byte too many says that there is more. */
  if (length == 0 || reading->data->len > GAN_LIMIT_INPUT_BYTES)
    finish (task, reading);
  else
    read_more (g_steal_pointer (&task));
}

/* @task: (transfer full) */
static void
read_more (GTask *task)
{
  Reading *reading = g_task_get_task_data (task);

  g_input_stream_read_bytes_async (reading->stream,
                                   CHUNK_BYTES,
                                   G_PRIORITY_DEFAULT,
                                   g_task_get_cancellable (task),
                                   read_cb,
                                   task);
}

/* @task: (transfer full), @stream: (transfer full) (nullable), @error: (transfer full) (nullable)
 */
static void
opened (GTask *task, GInputStream *stream, const char *type, GError *error)
{
  Reading *reading = NULL;

  if (stream == NULL)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  reading = g_new0 (Reading, 1);
  reading->stream = stream;
  reading->data = g_byte_array_new ();
  reading->format = find_format (type);
  g_task_set_task_data (task, reading, (GDestroyNotify) reading_free);
  read_more (task);
}

static void
clipboard_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  const char *type = NULL;
  GError *error = NULL;
  GInputStream *stream = gdk_clipboard_read_finish (GDK_CLIPBOARD (source), result, &type, &error);

  opened (user_data, stream, type, error);
}

static void
drop_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  const char *type = NULL;
  GError *error = NULL;
  GInputStream *stream = gdk_drop_read_finish (GDK_DROP (source), result, &type, &error);

  opened (user_data, stream, type, error);
}

static GTask *
begin (gpointer source, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (source, cancellable, callback, user_data);

  g_task_set_source_tag (task, begin);
  return task;
}

/**
 * gan_link_reader_read_clipboard_async:
 * @clipboard: a clipboard
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is done
 * @user_data: for @callback
 */
void
gan_link_reader_read_clipboard_async (GdkClipboard *clipboard,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data)
{
  gdk_clipboard_read_async (clipboard,
                            (const char **) type_names,
                            G_PRIORITY_DEFAULT,
                            cancellable,
                            clipboard_cb,
                            begin (clipboard, cancellable, callback, user_data));
}

/**
 * gan_link_reader_read_drop_async:
 * @drop: what was dropped; the caller finishes it
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is done
 * @user_data: for @callback
 */
void
gan_link_reader_read_drop_async (GdkDrop *drop,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  gdk_drop_read_async (drop,
                       (const char **) type_names,
                       G_PRIORITY_DEFAULT,
                       cancellable,
                       drop_cb,
                       begin (drop, cancellable, callback, user_data));
}

/**
 * gan_link_reader_read_finish:
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): the links, maybe none; %NULL where nothing could be read
 */
GanLinks *
gan_link_reader_read_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_get_source_tag (G_TASK (result)) == begin, NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

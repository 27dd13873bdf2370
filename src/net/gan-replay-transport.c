/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-replay-transport.h"

#include "gan-error.h"
#include "gan-har-match.h"
#include "gan-har.h"
#include "gan-limits.h"
#include "gan-redact.h"
#include "gan-response-private.h"

#define READ_STEP_BYTES ((gsize) 1024 * 1024)

/* A program that asks the same wrong thing again and again fills no memory. */
#define MAX_MISSED 1000

struct _GanReplayTransport
{
  GObject parent_instance;

  GMutex mutex;
  GPtrArray *entries;
  GHashTable *used; /* entries that answered once */
  GPtrArray *missed;
};

static void gan_replay_transport_transport_init (GanTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (GanReplayTransport,
                               gan_replay_transport,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (GAN_TYPE_TRANSPORT,
                                                      gan_replay_transport_transport_init))

/* Takes the entry that answers, or NULL: the first one that did not answer yet, else the last. */
static const GanHarEntry *
take_entry (GanReplayTransport *self, GanRequest *request)
{
  g_autoptr (GanHarQuestion) question = gan_har_question_new (request);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  const GanHarEntry *last = NULL;

  for (guint i = 0; i < self->entries->len; i++)
    {
      GanHarEntry *entry = g_ptr_array_index (self->entries, i);

      if (!gan_har_question_matches (question, entry))
        continue;
      last = entry;
      if (g_hash_table_add (self->used, entry))
        break;
    }
  return last;
}

static void
report_missed (GanReplayTransport *self, GanRequest *request, GError **error)
{
  g_autofree char *url = gan_redact_url (gan_url_get_string (gan_request_get_url (request)));
  g_autofree char *line = g_strdup_printf ("%s %s", gan_request_get_method (request), url);

  gan_error_set (error, GAN_ERROR_NETWORK, "not-recorded", "not recorded: %s", line);
  if (error != NULL)
    gan_error_set_url (*error, url);
  g_message ("not recorded: %s", line);
  g_mutex_lock (&self->mutex);
  if (self->missed->len < MAX_MISSED)
    g_ptr_array_add (self->missed, g_steal_pointer (&line));
  g_mutex_unlock (&self->mutex);
}

static gssize
read_left_out (gpointer data, void *buffer, gsize size, GCancellable *cancellable, GError **error)
{
  gan_error_set (error, GAN_ERROR_NETWORK, "not-recorded", "the body was not recorded");
  return -1;
}

static void
finish_left_out (gpointer data, gboolean whole)
{
}

static gboolean
has_no_body (GanRequest *request, guint status)
{
  return g_str_equal (gan_request_get_method (request), "HEAD") || status == 204 || status == 304;
}

static GanResponse *
answer (const GanHarEntry *entry, GanRequest *request)
{
  static const GanResponseBody left_out = { read_left_out, finish_left_out, NULL };
  g_autoptr (GBytes) nothing = g_bytes_new_static ("", 0);
  GanResponseHead head = { 0 };

  head.url = gan_request_get_url (request);
  head.status = entry->status;
  head.headers = entry->headers;
  head.framing = entry->content_size >= 0 ? GAN_FRAMING_LENGTH : GAN_FRAMING_CLOSE;
  head.content_length = entry->content_size;
  head.max_bytes = gan_request_get_max_bytes (request);
  if (has_no_body (request, entry->status))
    {
      head.framing = GAN_FRAMING_NONE;
      return gan_response_new_from_bytes (&head, nothing);
    }
  if (entry->content == NULL)
    return gan_response_new (&head, &left_out);
  return gan_response_new_from_bytes (&head, entry->content);
}

static GanResponse *
gan_replay_transport_send (GanTransport *transport,
                           GanRequest *request,
                           GCancellable *cancellable,
                           GError **error)
{
  GanReplayTransport *self = GAN_REPLAY_TRANSPORT (transport);
  const GanHarEntry *entry = take_entry (self, request);

  if (entry == NULL)
    {
      report_missed (self, request, error);
      return NULL;
    }
  if (entry->status == 0)
    {
      gan_error_set (error, GAN_ERROR_NETWORK, "recorded", "there was no answer when recorded");
      return NULL;
    }
  return answer (entry, request);
}

static gboolean
gan_replay_transport_is_live (GanTransport *transport)
{
  return FALSE;
}

static void
gan_replay_transport_transport_init (GanTransportInterface *iface)
{
  iface->send = gan_replay_transport_send;
  iface->is_live = gan_replay_transport_is_live;
}

static void
gan_replay_transport_finalize (GObject *object)
{
  GanReplayTransport *self = GAN_REPLAY_TRANSPORT (object);

  g_hash_table_unref (self->used);
  g_ptr_array_unref (self->entries);
  g_ptr_array_unref (self->missed);
  g_mutex_clear (&self->mutex);
  G_OBJECT_CLASS (gan_replay_transport_parent_class)->finalize (object);
}

static void
gan_replay_transport_class_init (GanReplayTransportClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = gan_replay_transport_finalize;
}

static void
gan_replay_transport_init (GanReplayTransport *self)
{
  g_mutex_init (&self->mutex);
  self->entries = gan_har_new ();
  self->used = g_hash_table_new (NULL, NULL);
  self->missed = g_ptr_array_new_with_free_func (g_free);
}

/**
 * gan_replay_transport_new:
 *
 * Returns: (transfer full): a transport that knows no answer yet
 */
GanReplayTransport *
gan_replay_transport_new (void)
{
  return g_object_new (GAN_TYPE_REPLAY_TRANSPORT, NULL);
}

/**
 * gan_replay_transport_add_data:
 * @self: a replay
 * @har: a HAR file
 * @error: return location
 *
 * Adds the exchanges of @har behind those that are there (contracts.md §2).
 *
 * Returns: FALSE with %GAN_ERROR_INVALID_DATA, reason "har"
 */
gboolean
gan_replay_transport_add_data (GanReplayTransport *self, GBytes *har, GError **error)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_val_if_fail (GAN_IS_REPLAY_TRANSPORT (self) && har != NULL, FALSE);

  locker = g_mutex_locker_new (&self->mutex);
  return gan_har_read (self->entries, har, error);
}

/* Reads with a bound: the path may be a pipe, or a device without an end. */
static GBytes *
read_file (const char *path, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, error);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autofree guint8 *buffer = g_malloc (READ_STEP_BYTES);
  gssize n_read = 0;

  if (stream == NULL)
    return NULL;
  while (bytes->len <= GAN_LIMIT_HAR_BYTES
         && (n_read
             = g_input_stream_read (G_INPUT_STREAM (stream), buffer, READ_STEP_BYTES, NULL, error))
                > 0)
    g_byte_array_append (bytes, buffer, (guint) n_read);
  if (n_read < 0)
    return NULL;
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

/**
 * gan_replay_transport_add_file:
 * @self: a replay
 * @path: a HAR file of at most GAN_LIMIT_HAR_BYTES
 * @error: return location
 *
 * As gan_replay_transport_add_data().
 *
 * Returns: FALSE with %GAN_ERROR_DISK, or %GAN_ERROR_INVALID_DATA, reason "har"
 */
gboolean
gan_replay_transport_add_file (GanReplayTransport *self, const char *path, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (GBytes) har = NULL;

  g_return_val_if_fail (GAN_IS_REPLAY_TRANSPORT (self) && path != NULL, FALSE);

  har = read_file (path, &cause);
  if (har == NULL)
    {
      gan_error_set_cause (error, GAN_ERROR_DISK, "har", g_steal_pointer (&cause));
      return FALSE;
    }
  return gan_replay_transport_add_data (self, har, error);
}

/**
 * gan_replay_transport_get_n_entries:
 * @self: a replay
 *
 * Returns: how many exchanges it knows
 */
guint
gan_replay_transport_get_n_entries (GanReplayTransport *self)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_val_if_fail (GAN_IS_REPLAY_TRANSPORT (self), 0);

  locker = g_mutex_locker_new (&self->mutex);
  return self->entries->len;
}

/**
 * gan_replay_transport_get_n_unused:
 * @self: a replay
 *
 * Returns: how many of its exchanges never answered
 */
guint
gan_replay_transport_get_n_unused (GanReplayTransport *self)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_val_if_fail (GAN_IS_REPLAY_TRANSPORT (self), 0);

  locker = g_mutex_locker_new (&self->mutex);
  return self->entries->len - g_hash_table_size (self->used);
}

/**
 * gan_replay_transport_dup_missed:
 * @self: a replay
 *
 * The requests that nothing answered, as "METHOD URL" with secrets taken out, in order. Each was
 * also logged, as a message "not recorded: METHOD URL".
 *
 * Returns: (transfer full): the first of them, up to some number
 */
GStrv
gan_replay_transport_dup_missed (GanReplayTransport *self)
{
  g_autoptr (GStrvBuilder) lines = g_strv_builder_new ();
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_val_if_fail (GAN_IS_REPLAY_TRANSPORT (self), NULL);

  locker = g_mutex_locker_new (&self->mutex);
  for (guint i = 0; i < self->missed->len; i++)
    g_strv_builder_add (lines, g_ptr_array_index (self->missed, i));
  return g_strv_builder_end (lines);
}

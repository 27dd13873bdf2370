/* SPDX-License-Identifier: GPL-3.0-or-later */
/* While the program runs the recorder only collects, in memory. Secrets are taken out when the file
 * is written (gan-scrubber.c says by which rules), so that none is ever on disk. */
#include "config.h"

#include "gan-recorder-private.h"

#include "gan-error.h"
#include "gan-limits.h"
#include "gan-recording.h"
#include "gan-response-private.h"

#include <glib/gstdio.h>
#include <string.h>

#define MAX_RECORDINGS 20000

#define FILE_HEAD                                                                                  \
  "{\n\"log\": {\n\"version\": \"1.2\",\n"                                                         \
  "\"creator\": {\"name\": \"Gannet\", \"version\": \"" GAN_VERSION "\"},\n\"entries\": [\n"
#define FILE_TAIL "\n]\n}\n}\n"

struct _GanRecorder
{
  GObject parent_instance;

  GanTransport *inner;
  GMutex mutex; /* of all that follows, the recordings included */
  GPtrArray *recordings;
  gsize n_bytes;   /* of their bodies */
  gsize max_bytes; /* of these, and of the file */
  GanScrubber *scrubber;
};

/* A body under way. */
typedef struct
{
  GanRecorder *recorder;
  GanRecording *recording;
  GanResponse *inner;
  GByteArray *seen; /* NULL: not wanted, or too large */
} Body;

static void gan_recorder_transport_init (GanTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (GanRecorder,
                               gan_recorder,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (GAN_TYPE_TRANSPORT,
                                                      gan_recorder_transport_init))

static gssize
body_read (gpointer data, void *buffer, gsize size, GCancellable *cancellable, GError **error)
{
  Body *body = data;
  gssize n_read = gan_response_read (body->inner, buffer, size, cancellable, error);

  if (n_read > 0 && body->seen != NULL)
    {
      if ((gsize) n_read > GAN_LIMIT_HAR_BODY_BYTES - body->seen->len)
        g_clear_pointer (&body->seen, g_byte_array_unref);
      else
        g_byte_array_append (body->seen, buffer, (guint) n_read);
    }
  return n_read;
}

static gboolean
body_is_proven (gpointer data)
{
  Body *body = data;

  return gan_response_is_proven_whole (body->inner);
}

/* Only a whole body is kept: half a JSON cannot be scrubbed. */
static void
body_finish (gpointer data, gboolean whole)
{
  Body *body = data;
  GanRecorder *self = body->recorder;
  g_autoptr (GBytes) bytes = NULL;

  gan_response_close (body->inner);
  if (body->seen != NULL)
    bytes = g_byte_array_free_to_bytes (g_steal_pointer (&body->seen));
  if (whole && bytes != NULL)
    {
      g_mutex_lock (&self->mutex);
      self->n_bytes += g_bytes_get_size (bytes);
      if (self->n_bytes <= self->max_bytes)
        gan_recording_set_body (body->recording, bytes);
      g_mutex_unlock (&self->mutex);
    }
  g_object_unref (body->inner);
  g_object_unref (self);
  g_free (body);
}

static GanResponse *
wrap (GanRecorder *self, GanRecording *recording, GanRequest *request, GanResponse *inner)
{
  GanResponseHead head = { 0 };
  GanResponseBody body = { body_read, body_finish, NULL, body_is_proven };
  Body *data = g_new0 (Body, 1);

  gan_response_get_head (inner, &head);
  data->recorder = g_object_ref (self);
  data->recording = recording;
  data->inner = g_object_ref (inner);
  if (gan_recording_wants_body (request, inner))
    data->seen = g_byte_array_new ();
  body.data = data;
  return gan_response_new (&head, &body);
}

static GanRecording *
begin (GanRecorder *self, GanRequest *request)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  GanRecording *recording = NULL;

  if (self->recordings->len >= MAX_RECORDINGS)
    return NULL;
  recording = gan_recording_new (request);
  g_ptr_array_add (self->recordings, recording);
  return recording;
}

static GanResponse *
gan_recorder_send (GanTransport *transport,
                   GanRequest *request,
                   GCancellable *cancellable,
                   GError **error)
{
  GanRecorder *self = GAN_RECORDER (transport);
  GanRecording *recording = begin (self, request);
  g_autoptr (GError) problem = NULL;
  g_autoptr (GanResponse) response
      = gan_transport_send (self->inner, request, cancellable, &problem);
  GanResponse *wrapped = NULL;

  if (recording != NULL)
    {
      g_mutex_lock (&self->mutex);
      if (response != NULL)
        gan_recording_set_head (recording, response);
      else
        gan_recording_set_error (recording, problem);
      g_mutex_unlock (&self->mutex);
    }
  if (response != NULL && recording != NULL)
    wrapped = wrap (self, recording, request, response);
  else if (response != NULL)
    wrapped = g_steal_pointer (&response);
  else
    g_propagate_error (error, g_steal_pointer (&problem));
  return wrapped;
}

static gboolean
gan_recorder_is_live (GanTransport *transport)
{
  return gan_transport_is_live (GAN_RECORDER (transport)->inner);
}

static void
gan_recorder_transport_init (GanTransportInterface *iface)
{
  iface->send = gan_recorder_send;
  iface->is_live = gan_recorder_is_live;
}

static void
gan_recorder_finalize (GObject *object)
{
  GanRecorder *self = GAN_RECORDER (object);

  g_clear_object (&self->inner);
  g_ptr_array_unref (self->recordings);
  gan_scrubber_free (self->scrubber);
  g_mutex_clear (&self->mutex);
  G_OBJECT_CLASS (gan_recorder_parent_class)->finalize (object);
}

static void
gan_recorder_class_init (GanRecorderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = gan_recorder_finalize;
}

static void
free_recording (gpointer data)
{
  gan_recording_free (data);
}

static void
gan_recorder_init (GanRecorder *self)
{
  g_mutex_init (&self->mutex);
  self->recordings = g_ptr_array_new_with_free_func (free_recording);
  self->scrubber = gan_scrubber_new ();
  self->max_bytes = GAN_LIMIT_HAR_BYTES;
}

/**
 * gan_recorder_new:
 * @inner: what carries the requests
 *
 * Returns: (transfer full): a transport that records what passes through @inner
 */
GanRecorder *
gan_recorder_new (GanTransport *inner)
{
  GanRecorder *self = NULL;

  g_return_val_if_fail (GAN_IS_TRANSPORT (inner), NULL);

  self = g_object_new (GAN_TYPE_RECORDER, NULL);
  self->inner = g_object_ref (inner);
  return self;
}

/**
 * gan_recorder_allow:
 * @self: a recorder
 * @site: whose requests it is about, "" for those of no site
 * @query_keys: (nullable): keys of queries and forms whose values may be recorded,
 *   NULL-terminated
 * @json_fields: (nullable): names, or paths, of JSON fields whose values may be recorded,
 *   NULL-terminated
 *
 * Adds to what is harmless everywhere. A name that says secret (gan_redact_is_secret_key()) is
 * never recorded, whatever stands here.
 */
void
gan_recorder_allow (GanRecorder *self,
                    const char *site,
                    const char *const *query_keys,
                    const char *const *json_fields)
{
  g_return_if_fail (GAN_IS_RECORDER (self) && site != NULL);

  g_mutex_lock (&self->mutex);
  gan_scrubber_allow (self->scrubber, site, query_keys, json_fields);
  g_mutex_unlock (&self->mutex);
}

/**
 * gan_recorder_set_max_bytes:
 * @self: a recorder
 * @max_bytes: the largest file; GAN_LIMIT_HAR_BYTES unless set
 */
void
gan_recorder_set_max_bytes (GanRecorder *self, gsize max_bytes)
{
  g_return_if_fail (GAN_IS_RECORDER (self) && max_bytes > sizeof FILE_HEAD + sizeof FILE_TAIL);

  g_mutex_lock (&self->mutex);
  self->max_bytes = max_bytes;
  g_mutex_unlock (&self->mutex);
}

/* Keeps the file within what a replay reads: first bodies go, then whole entries. */
static void
append_entry (GanRecorder *self, GanRecording *recording, GString *file)
{
  gsize room = self->max_bytes - sizeof FILE_TAIL - 2 - file->len;
  g_autofree char *entry = gan_recording_to_json (recording, self->scrubber, TRUE);

  if (strlen (entry) > room)
    {
      g_free (entry);
      entry = gan_recording_to_json (recording, self->scrubber, FALSE);
    }
  if (strlen (entry) > room)
    return;
  if (file->len + 1 > sizeof FILE_HEAD)
    g_string_append (file, ",\n");
  g_string_append (file, entry);
}

/**
 * gan_recorder_write:
 * @self: a recorder
 * @path: where to; a file of that name is replaced as a whole
 * @error: return location
 *
 * Writes what was seen so far as a HAR 1.2 that only its owner may read. An answer whose body is
 * still under way is written without it.
 *
 * Returns: FALSE with %GAN_ERROR_DISK
 */
gboolean
gan_recorder_write (GanRecorder *self, const char *path, GError **error)
{
  g_autoptr (GString) file = g_string_new (FILE_HEAD);
  g_autoptr (GError) cause = NULL;

  g_return_val_if_fail (GAN_IS_RECORDER (self) && path != NULL, FALSE);

  g_mutex_lock (&self->mutex);
  for (guint i = 0; i < self->recordings->len; i++)
    append_entry (self, g_ptr_array_index (self->recordings, i), file);
  g_mutex_unlock (&self->mutex);
  g_string_append (file, FILE_TAIL);

  /* Newer GLib gives the new file the mode of the one it replaces. */
  g_chmod (path, 0600);
  if (g_file_set_contents_full (path,
                                file->str,
                                (gssize) file->len,
                                G_FILE_SET_CONTENTS_CONSISTENT,
                                0600,
                                &cause))
    return TRUE;
  gan_error_set_cause (error, GAN_ERROR_DISK, "record", g_steal_pointer (&cause));
  return FALSE;
}

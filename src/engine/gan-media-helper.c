/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-media-helper.h"

#include "gan-clock.h"
#include "gan-error.h"
#include "gan-helper-process.h"
#include "gan-json.h"
#include "gan-limits.h"
#include "gan-media-helper-private.h"
#include "gan-unknown.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixfdlist.h>
#include <sys/mman.h>
#include <unistd.h>

/* Helpers of each kind, so that long probes do not keep pictures waiting. */
#define SEATS 2
#define MAX_BACKOFF_SECONDS 60
/* MFD_NOEXEC_SEAL, newer than the headers. */
#define NO_EXEC_SEAL 0x0008U

typedef enum
{
  KIND_PICTURE,
  KIND_PROBE,
  N_KINDS,
} Kind;

typedef struct
{
  GanHelperProcess *process; /* NULL until its first call, and after one that went wrong */
  gboolean is_taken;
} Seat;

struct _GanMediaHelper
{
  char *program;
  gint64 time_limits[N_KINDS];

  GMutex mutex;
  GCond changed;
  Seat seats[N_KINDS][SEATS];
  guint n_calls; /* running and waiting */
  guint n_failed_starts;
  gint64 not_before; /* when the next start is tried after a failed one */
};

/**
 * gan_picture_free:
 * @self: (transfer full) (nullable): a picture
 */
void
gan_picture_free (GanPicture *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->pixels, g_bytes_unref);
  g_free (self);
}

/**
 * gan_probe_free:
 * @self: (transfer full) (nullable): what a container holds
 */
void
gan_probe_free (GanProbe *self)
{
  if (self == NULL)
    return;
  g_free (self->container);
  g_free (self);
}

/**
 * gan_media_helper_new:
 * @program: path of gannet-media
 *
 * Returns: (transfer full): the helper; its processes start with the first calls
 */
GanMediaHelper *
gan_media_helper_new (const char *program)
{
  GanMediaHelper *self = NULL;

  g_return_val_if_fail (program != NULL, NULL);

  self = g_new0 (GanMediaHelper, 1);
  self->program = g_strdup (program);
  self->time_limits[KIND_PICTURE] = GAN_LIMIT_PICTURE_SECONDS * G_TIME_SPAN_SECOND;
  self->time_limits[KIND_PROBE] = GAN_LIMIT_PROBE_SECONDS * G_TIME_SPAN_SECOND;
  g_mutex_init (&self->mutex);
  g_cond_init (&self->changed);
  return self;
}

/**
 * gan_media_helper_free:
 * @self: (transfer full) (nullable): the helper, no call of it under way
 */
void
gan_media_helper_free (GanMediaHelper *self)
{
  if (self == NULL)
    return;
  for (guint kind = 0; kind < N_KINDS; kind++)
    {
      for (guint i = 0; i < SEATS; i++)
        gan_helper_process_free (self->seats[kind][i].process);
    }
  g_cond_clear (&self->changed);
  g_mutex_clear (&self->mutex);
  g_free (self->program);
  g_free (self);
}

/**
 * gan_media_helper_set_time_limits:
 * @self: the helper
 * @picture: microseconds for a picture
 * @probe: microseconds for a container
 *
 * To be called before the first call.
 */
void
gan_media_helper_set_time_limits (GanMediaHelper *self, gint64 picture, gint64 probe)
{
  self->time_limits[KIND_PICTURE] = picture;
  self->time_limits[KIND_PROBE] = probe;
}

static void
cancelled_cb (GCancellable *cancellable, GanMediaHelper *self)
{
  g_mutex_lock (&self->mutex);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
}

static Seat *
find_seat (GanMediaHelper *self, Kind kind)
{
  for (guint i = 0; i < SEATS; i++)
    {
      if (!self->seats[kind][i].is_taken)
        return &self->seats[kind][i];
    }
  return NULL;
}

static gboolean
enter (GanMediaHelper *self, GError **error)
{
  if (self->n_calls < GAN_LIMIT_HELPER_CALLS)
    {
      self->n_calls += 1;
      return TRUE;
    }
  gan_error_set (error, GAN_ERROR_INTERNAL, "helper-busy", "too much for gannet-media at a time");
  return FALSE;
}

/* Waits for one of the helpers of a kind. */
static Seat *
take_seat (GanMediaHelper *self, Kind kind, GCancellable *cancellable, GError **error)
{
  gulong handler = 0;
  Seat *seat = NULL;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  if (cancellable != NULL)
    handler = g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), self, NULL);
  g_mutex_lock (&self->mutex);
  if (enter (self, error))
    {
      while ((seat = find_seat (self, kind)) == NULL && !g_cancellable_is_cancelled (cancellable))
        g_cond_wait (&self->changed, &self->mutex);
      if (seat != NULL)
        seat->is_taken = TRUE;
      else
        self->n_calls -= 1;
      if (seat == NULL)
        g_cancellable_set_error_if_cancelled (cancellable, error);
    }
  g_mutex_unlock (&self->mutex);
  g_cancellable_disconnect (cancellable, handler);
  return seat;
}

static void
leave_seat (GanMediaHelper *self, Seat *seat)
{
  g_mutex_lock (&self->mutex);
  seat->is_taken = FALSE;
  self->n_calls -= 1;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
}

/* A program that does not start is not tried again for every picture of a list. */
static gboolean
may_start (GanMediaHelper *self, GError **error)
{
  gboolean may = FALSE;

  g_mutex_lock (&self->mutex);
  may = gan_clock_get_monotonic (gan_clock_get_system ()) >= self->not_before;
  g_mutex_unlock (&self->mutex);
  if (!may)
    gan_error_set (error, GAN_ERROR_INTERNAL, "helper-missing", "gannet-media did not start");
  return may;
}

static void
note_start (GanMediaHelper *self, const GError *problem)
{
  gint64 now = gan_clock_get_monotonic (gan_clock_get_system ());

  if (problem != NULL && gan_error_is_cancelled (problem))
    return;
  g_mutex_lock (&self->mutex);
  if (problem == NULL)
    self->n_failed_starts = 0;
  else
    {
      guint seconds = MIN (1U << MIN (self->n_failed_starts, 6), MAX_BACKOFF_SECONDS);

      self->n_failed_starts += 1;
      self->not_before = now + seconds * G_TIME_SPAN_SECOND;
    }
  g_mutex_unlock (&self->mutex);
}

/* The seat's own helper, or another one in its place. */
static gboolean
fill_seat (GanMediaHelper *self, Seat *seat, GCancellable *cancellable, GError **error)
{
  GError *problem = NULL;

  if (seat->process != NULL && gan_helper_process_is_usable (seat->process))
    return TRUE;
  g_clear_pointer (&seat->process, gan_helper_process_free);
  if (!may_start (self, error))
    return FALSE;
  seat->process = gan_helper_process_start (self->program, cancellable, &problem);
  note_start (self, problem);
  if (problem != NULL)
    g_propagate_error (error, problem);
  return seat->process != NULL;
}

/* The codes that the helper may end a call with. */
static gboolean
check_answer (JsonNode *answer, GError **error)
{
  const char *name = gan_json_get_string (answer, "error");
  GanErrorCode code = GAN_ERROR_INVALID_DATA;

  if (name == NULL)
    return TRUE;
  gan_error_code_from_string (name, &code);
  if (code != GAN_ERROR_TOO_LARGE && code != GAN_ERROR_INTERNAL)
    code = GAN_ERROR_INVALID_DATA;
  gan_error_set (error, code, "helper", "gannet-media refused the file");
  return FALSE;
}

/* From a begun request to an answer that is no error. */
static JsonNode *
call (GanMediaHelper *self,
      Kind kind,
      JsonBuilder *request,
      GUnixFDList *descriptors,
      GCancellable *cancellable,
      GError **error)
{
  Seat *seat = take_seat (self, kind, cancellable, error);
  g_autoptr (JsonNode) answer = NULL;

  if (seat == NULL)
    return NULL;
  if (fill_seat (self, seat, cancellable, error))
    answer = gan_helper_process_call (seat->process,
                                      request,
                                      descriptors,
                                      self->time_limits[kind],
                                      cancellable,
                                      error);
  if (answer == NULL)
    g_clear_pointer (&seat->process, gan_helper_process_free);
  leave_seat (self, seat);
  return answer != NULL && check_answer (answer, error) ? g_steal_pointer (&answer) : NULL;
}

static JsonBuilder *
begin_request (const char *verb)
{
  JsonBuilder *request = json_builder_new ();

  json_builder_begin_object (request);
  json_builder_set_member_name (request, "verb");
  json_builder_add_string_value (request, verb);
  return request;
}

static void
set_system_error (GError **error, const char *what)
{
  gan_error_set (error, GAN_ERROR_INTERNAL, NULL, "%s: %s", what, g_strerror (errno));
}

/* Memory that is a file without a name, and, where the kernel knows that, never a program. */
static int
make_memory (const char *name)
{
  int descriptor = memfd_create (name, MFD_CLOEXEC | MFD_ALLOW_SEALING | NO_EXEC_SEAL);

  if (descriptor < 0 && errno == EINVAL)
    descriptor = memfd_create (name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
  return descriptor;
}

/* Memory that the helper can read as a file and nobody can change, or -1. */
static int
make_file (GBytes *bytes, GError **error)
{
  int descriptor = make_memory ("picture");
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  gsize done = 0;

  while (descriptor >= 0 && done < size)
    {
      gssize n = pwrite (descriptor, data + done, size - done, (off_t) done);

      if (n <= 0)
        break;
      done += (gsize) n;
    }
  if (descriptor >= 0 && done == size
      && fcntl (descriptor, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL)
             == 0)
    return descriptor;
  set_system_error (error, "memory for a file");
  if (descriptor >= 0)
    close (descriptor);
  return -1;
}

/* Memory of a fixed size for the helper to write to, or -1. */
static int
make_canvas (gsize size, GError **error)
{
  int descriptor = make_memory ("pixels");

  if (descriptor >= 0 && ftruncate (descriptor, (off_t) size) == 0
      && fcntl (descriptor, F_ADD_SEALS, F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) == 0)
    return descriptor;
  set_system_error (error, "memory for pixels");
  if (descriptor >= 0)
    close (descriptor);
  return -1;
}

/* A copy, as the helper can still write to the original. */
static GanPicture *
take_picture (JsonNode *answer, int canvas, int max_size, GError **error)
{
  gint64 width = gan_json_get_int (answer, "width");
  gint64 height = gan_json_get_int (answer, "height");
  g_autoptr (GanPicture) picture = NULL;
  g_autofree guint8 *pixels = NULL;
  gsize size = 0;

  if (width < 1 || height < 1 || width > max_size || height > max_size)
    {
      gan_error_set (error, GAN_ERROR_INVALID_DATA, "helper", "gannet-media answered nonsense");
      return NULL;
    }
  size = (gsize) width * (gsize) height * 4;
  pixels = g_malloc (size);
  if (pread (canvas, pixels, size, 0) != (gssize) size)
    {
      set_system_error (error, "pixels");
      return NULL;
    }
  picture = g_new0 (GanPicture, 1);
  picture->width = (int) width;
  picture->height = (int) height;
  picture->pixels = g_bytes_new_take (g_steal_pointer (&pixels), size);
  return g_steal_pointer (&picture);
}

static gboolean
check_file (GBytes *file, GError **error)
{
  gsize size = g_bytes_get_size (file);

  if (size > 0 && size <= GAN_LIMIT_PICTURE_BYTES)
    return TRUE;
  gan_error_set (error,
                 size > 0 ? GAN_ERROR_TOO_LARGE : GAN_ERROR_INVALID_DATA,
                 "picture",
                 "a picture file of %" G_GSIZE_FORMAT " bytes",
                 size);
  return FALSE;
}

/**
 * gan_media_helper_decode_image:
 * @self: the helper
 * @file: a JPEG, PNG, GIF or WebP file, whoever it came from
 * @max_size: of the longer side in pixels, at most %GAN_LIMIT_THUMBNAIL_SIZE
 * @cancellable: (nullable): ends it at once
 * @error: %GAN_ERROR_INVALID_DATA (reason "helper-died" where the file killed the helper),
 *   %GAN_ERROR_TOO_LARGE, %GAN_ERROR_TIMEOUT, %GAN_ERROR_INTERNAL (reasons "helper-missing",
 *   "helper-busy")
 *
 * Decodes and scales a picture in another process. Never larger than the picture is; of what moves,
 * the first picture. Blocks; may be called from any thread.
 *
 * Returns: (transfer full): the pixels
 */
GanPicture *
gan_media_helper_decode_image (GanMediaHelper *self,
                               GBytes *file,
                               int max_size,
                               GCancellable *cancellable,
                               GError **error)
{
  g_autoptr (JsonBuilder) request = NULL;
  g_autoptr (GUnixFDList) descriptors = NULL;
  g_autoptr (JsonNode) answer = NULL;
  int files[2] = { -1, -1 };

  g_return_val_if_fail (self != NULL && file != NULL, NULL);
  g_return_val_if_fail (max_size > 0 && max_size <= GAN_LIMIT_THUMBNAIL_SIZE, NULL);

  if (!check_file (file, error) || (files[0] = make_file (file, error)) < 0)
    return NULL;
  files[1] = make_canvas ((gsize) max_size * (gsize) max_size * 4, error);
  if (files[1] < 0)
    {
      close (files[0]);
      return NULL;
    }
  /* The list owns them now; the numbers stay what they are. */
  descriptors = g_unix_fd_list_new_from_array (files, G_N_ELEMENTS (files));
  request = begin_request ("image");
  json_builder_set_member_name (request, "max_size");
  json_builder_add_int_value (request, max_size);
  answer = call (self, KIND_PICTURE, request, descriptors, cancellable, error);
  return answer != NULL ? take_picture (answer, files[1], max_size, error) : NULL;
}

static guint
take_count (JsonNode *answer, const char *name)
{
  return (guint) CLAMP (gan_json_get_int (answer, name), 0, GAN_LIMIT_LIST_ENTRIES);
}

static int
take_length (JsonNode *answer, const char *name)
{
  gint64 value = gan_json_get_int (answer, name);

  return value > 0 && value <= G_MAXUINT16 ? (int) value : GAN_UNKNOWN;
}

static GanProbe *
take_probe (JsonNode *answer)
{
  static const char *const known[] = { "aac", "avi", "gif", "heif", "jpeg", "mkv",  "mov",  "mp3",
                                       "mp4", "ogg", "png", "ts",   "wav",  "webm", "webp", NULL };
  const char *container = gan_json_get_string (answer, "container");
  double duration = gan_json_get_double (answer, "duration");
  GanProbe *probe = g_new0 (GanProbe, 1);

  if (container != NULL && g_strv_contains (known, container))
    probe->container = g_strdup (container);
  probe->duration
      = duration >= 0 && duration <= GAN_LIMIT_DURATION_SECONDS ? duration : GAN_UNKNOWN;
  probe->width = take_length (answer, "width");
  probe->height = take_length (answer, "height");
  probe->n_video = take_count (answer, "n_video");
  probe->n_audio = take_count (answer, "n_audio");
  probe->n_subtitle = take_count (answer, "n_subtitle");
  probe->complete = probe->container != NULL && gan_json_get_boolean (answer, "complete");
  probe->truncated
      = probe->container != NULL && !probe->complete && gan_json_get_boolean (answer, "truncated");
  return probe;
}

/* Another descriptor of the same file, with which it can be read only. */
static int
reopen (int descriptor, GError **error)
{
  g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d", descriptor);
  int copy = open (path, O_RDONLY | O_CLOEXEC);

  if (copy < 0)
    set_system_error (error, "a descriptor to read from");
  return copy;
}

/**
 * gan_media_helper_probe:
 * @self: the helper
 * @fd: a file that can be sought in; stays the caller's, and its position does
 * @cancellable: (nullable): ends it at once
 * @error: as gan_media_helper_decode_image()
 *
 * Reads the structure of a media file in another process, which gets a descriptor it cannot write
 * to. A file of no known kind is no error: it has no container. Blocks; may be called from any
 * thread.
 *
 * Returns: (transfer full): what the file says of itself
 */
GanProbe *
gan_media_helper_probe (GanMediaHelper *self, int fd, GCancellable *cancellable, GError **error)
{
  g_autoptr (JsonBuilder) request = NULL;
  g_autoptr (GUnixFDList) descriptors = NULL;
  g_autoptr (JsonNode) answer = NULL;
  int file = -1;

  g_return_val_if_fail (self != NULL && fd >= 0, NULL);

  file = reopen (fd, error);
  if (file < 0)
    return NULL;
  descriptors = g_unix_fd_list_new_from_array (&file, 1);
  request = begin_request ("probe");
  answer = call (self, KIND_PROBE, request, descriptors, cancellable, error);
  return answer != NULL ? take_probe (answer) : NULL;
}

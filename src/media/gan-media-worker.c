/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gannet-media: reads hostile bytes for the other programs, locked in (README.md). */
#include "config.h"

#include "gan-container.h"
#include "gan-error.h"
#include "gan-json.h"
#include "gan-limits.h"
#include "gan-lock-in.h"
#include "gan-picture-decode.h"
#include "gan-request-line.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

/* The other end of this pipe is held by the parent for as long as it lives. */
#define LIFE_LINE 3

#define MEMORY_BYTES (G_GUINT64_CONSTANT (1) << 30)
#define FILE_BYTES (4 * GAN_LIMIT_THUMBNAIL_SIZE * GAN_LIMIT_THUMBNAIL_SIZE)
#define DESCRIPTORS 16
/* When so much is used, another one shall go on; the rest is enough for the longest request. */
#define TIRED_SECONDS 30
#define CPU_SECONDS (TIRED_SECONDS + GAN_LIMIT_PROBE_SECONDS + 10)

static gboolean
write_line (JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;
  g_autofree char *line = NULL;
  gsize length = 0;

  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = gan_json_to_string (root, FALSE);
  line = g_strconcat (text, "\n", NULL);
  length = strlen (line);
  for (gsize done = 0; done < length;)
    {
      gssize n = write (STDOUT_FILENO, line + done, length - done);

      if (n <= 0)
        return FALSE;
      done += (gsize) n;
    }
  return TRUE;
}

static void
add_int (JsonBuilder *builder, const char *name, gint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

static void
add_boolean (JsonBuilder *builder, const char *name, gboolean value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, value);
}

static void
add_string (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

static gboolean
write_all (int descriptor, const guint8 *data, gsize length)
{
  for (gsize done = 0; done < length;)
    {
      gssize n = pwrite (descriptor, data + done, length - done, (off_t) done);

      if (n <= 0)
        return FALSE;
      done += (gsize) n;
    }
  return TRUE;
}

static guint8 *
read_all (int descriptor, gsize *length, GError **error)
{
  off_t size = lseek (descriptor, 0, SEEK_END);
  g_autofree guint8 *data = NULL;

  if (size <= 0 || size > GAN_LIMIT_PICTURE_BYTES)
    {
      gan_error_set (error,
                     size > 0 ? GAN_ERROR_TOO_LARGE : GAN_ERROR_INVALID_DATA,
                     "picture",
                     "a file of %" G_GINT64_FORMAT " bytes",
                     (gint64) size);
      return NULL;
    }
  *length = (gsize) size;
  data = g_malloc (*length);
  for (gsize done = 0; done < *length;)
    {
      gssize n = pread (descriptor, data + done, *length - done, (off_t) done);

      if (n <= 0)
        {
          gan_error_set (error, GAN_ERROR_INTERNAL, "descriptor", "the file cannot be read");
          return NULL;
        }
      done += (gsize) n;
    }
  return g_steal_pointer (&data);
}

/* Descriptors: the file, and where the pixels go. */
static gboolean
serve_image (const GanRequestLine *request, JsonBuilder *reply, GError **error)
{
  gint64 max_size = gan_json_get_int (request->json, "max_size");
  g_auto (GanPixels) pixels = { 0, 0, NULL };
  g_autofree guint8 *data = NULL;
  gsize length = 0;

  if (max_size < 1 || max_size > GAN_LIMIT_THUMBNAIL_SIZE)
    {
      gan_error_set (error, GAN_ERROR_INTERNAL, "request", "max_size makes no sense");
      return FALSE;
    }
  data = read_all (request->descriptors[0], &length, error);
  if (data == NULL || !gan_picture_decode (&pixels, data, length, (guint) max_size, error))
    return FALSE;
  if (!write_all (request->descriptors[1], pixels.pixels, (gsize) pixels.width * pixels.height * 4))
    {
      gan_error_set (error, GAN_ERROR_INTERNAL, "descriptor", "the pixels cannot be written");
      return FALSE;
    }
  add_int (reply, "width", pixels.width);
  add_int (reply, "height", pixels.height);
  return TRUE;
}

/* Descriptor: the file. */
static gboolean
serve_probe (const GanRequestLine *request, JsonBuilder *reply, GError **error)
{
  GanContainer container;

  if (!gan_container_read (&container, request->descriptors[0], error))
    return FALSE;
  if (container.name != NULL)
    add_string (reply, "container", container.name);
  json_builder_set_member_name (reply, "duration");
  json_builder_add_double_value (reply, container.duration);
  add_int (reply, "width", container.width);
  add_int (reply, "height", container.height);
  add_int (reply, "n_video", container.n_video);
  add_int (reply, "n_audio", container.n_audio);
  add_int (reply, "n_subtitle", container.n_subtitle);
  add_boolean (reply, "complete", container.whole == GAN_WHOLE_YES);
  add_boolean (reply, "truncated", container.whole == GAN_WHOLE_NO);
  return TRUE;
}

static gboolean
serve (const GanRequestLine *request, JsonBuilder *reply, GError **error)
{
  const char *verb = gan_json_get_string (request->json, "verb");

  if (g_strcmp0 (verb, "image") == 0)
    return serve_image (request, reply, error);
  if (g_strcmp0 (verb, "probe") == 0)
    return serve_probe (request, reply, error);
  gan_error_set (error, GAN_ERROR_INTERNAL, "request", "no such verb");
  return FALSE;
}

static gboolean
is_tired (void)
{
  struct rusage usage;

  return getrusage (RUSAGE_SELF, &usage) != 0
         || usage.ru_utime.tv_sec + usage.ru_stime.tv_sec >= TIRED_SECONDS;
}

/* Whether there may be another one. */
static gboolean
serve_one (void)
{
  g_auto (GanRequestLine) request = { NULL, { -1, -1 } };
  g_autoptr (JsonBuilder) reply = json_builder_new ();
  g_autoptr (GError) error = NULL;
  gboolean tired = FALSE;

  if (!gan_request_line_receive (&request, STDIN_FILENO))
    return FALSE;
  json_builder_begin_object (reply);
  add_int (reply, "id", gan_json_get_int (request.json, "id"));
  if (!serve (&request, reply, &error))
    {
      add_string (reply, "error", gan_error_code_to_string ((GanErrorCode) error->code));
      if (gan_error_get_reason (error) != NULL)
        add_string (reply, "reason", gan_error_get_reason (error));
    }
  /* Once it is answered, nothing of the request is held any more. */
  gan_request_line_clear (&request);
  tired = is_tired ();
  if (tired)
    add_boolean (reply, "last", TRUE);
  return write_line (reply) && !tired;
}

/* Killed by the kernel once the parent is gone. PR_SET_PDEATHSIG would do so as soon as the
 * parent's thread ends that started this program, and those of a pool come and go. */
static gboolean
hold_life_line (void)
{
  return fcntl (LIFE_LINE, F_SETOWN, getpid ()) == 0 && fcntl (LIFE_LINE, F_SETSIG, SIGKILL) == 0
         && fcntl (LIFE_LINE, F_SETFL, O_ASYNC | O_NONBLOCK) == 0;
}

static gboolean
start (GError **error)
{
  static const GanLockInLimits limits = {
    .memory_bytes = MEMORY_BYTES,
    .file_bytes = FILE_BYTES,
    .cpu_seconds = CPU_SECONDS,
    .descriptors = DESCRIPTORS,
  };
  GanLockInReport report = { 0 };
  g_autoptr (JsonBuilder) hello = json_builder_new ();

  /* A parent that is gone already has closed its end of stdin, too. */
  if (close_range (LIFE_LINE + 1, ~0U, 0) != 0 || !hold_life_line ())
    {
      gan_error_set (error, GAN_ERROR_INTERNAL, "start", "to be started by Gannet only");
      return FALSE;
    }
  if (!gan_picture_decode_prepare (error) || !gan_lock_in_apply (&limits, &report, error))
    return FALSE;
  json_builder_begin_object (hello);
  add_int (hello, "hello", 1);
  add_int (hello, "landlock", report.landlock_abi);
  return write_line (hello);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  if (!start (&error))
    {
      g_critical ("%s", error != NULL ? error->message : "nobody listens");
      return EXIT_FAILURE;
    }
  while (serve_one ())
    continue;
  /* Nothing is left to be written; what libraries do at the end may ask for more than there is. */
  _exit (EXIT_SUCCESS);
}

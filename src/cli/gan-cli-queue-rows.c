/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Jobs as people and programs see them. */
#include "config.h"

#include "gan-cli-output.h"
#include "gan-cli-queue.h"
#include "gan-clock.h"
#include "gan-error-json.h"
#include "gan-text.h"

#include <string.h>

/* As much of an id as people are shown, if it tells one job from all others. */
#define MIN_ID_LENGTH 8

/**
 * gan_cli_queue_dup_error:
 * @row: a job
 *
 * Returns: (transfer full) (nullable): why its last try failed; %NULL if none has
 */
GError *
gan_cli_queue_dup_error (GanJobRow *row)
{
  const char *message = gan_job_row_get_error_message (row);
  GanErrorCode code = GAN_ERROR_INTERNAL;
  GError *error = NULL;

  if (gan_job_row_get_error_code (row) == NULL)
    return NULL;
  gan_error_code_from_string (gan_job_row_get_error_code (row), &code);
  error = gan_error_new (code,
                         gan_job_row_get_error_reason (row),
                         "%s",
                         message != NULL ? message : "");
  gan_error_set_platform (error, gan_job_row_get_platform (row));
  gan_error_set_url (error, gan_job_row_get_url (row));
  return error;
}

static void
print_json (GanJobRow *row)
{
  static const char *const parts[] = { "error_code", "error_reason", "error_message" };
  g_autoptr (JsonNode) node = gan_record_to_json (GAN_RECORD (row));
  JsonObject *object = json_node_get_object (node);
  g_autoptr (GError) error = gan_cli_queue_dup_error (row);

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    json_object_remove_member (object, parts[i]);
  json_object_set_member (object,
                          "error",
                          error != NULL ? gan_error_to_json (error)
                                        : json_node_new (JSON_NODE_NULL));
  gan_cli_output_json (node);
}

/**
 * gan_cli_queue_print_json:
 * @rows: (element-type GanJobRow): jobs
 *
 * One object a line.
 */
void
gan_cli_queue_print_json (GPtrArray *rows)
{
  for (guint i = 0; i < rows->len && !gan_cli_output_is_broken (); i++)
    print_json (rows->pdata[i]);
}

/**
 * gan_cli_queue_get_id_length:
 * @rows: (element-type GanJobRow): all jobs of the queue
 *
 * Returns: how much of an id has to be shown so that each is another one
 */
guint
gan_cli_queue_get_id_length (GPtrArray *rows)
{
  guint length = MIN_ID_LENGTH;
  gboolean is_unique = FALSE;

  while (!is_unique)
    {
      g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

      is_unique = TRUE;
      for (guint i = 0; i < rows->len && is_unique; i++)
        {
          const char *id = gan_job_row_get_id (rows->pdata[i]);

          is_unique = g_hash_table_add (seen, g_strndup (id, length)) || strlen (id) < length;
        }
      length += is_unique ? 0 : 4;
    }
  return length;
}

/* What is going to happen counts, not what is left of a program that was killed. */
static const char *
describe_state (GanJobRow *row, gboolean has_owner)
{
  const char *const active[] = { GAN_JOB_RESOLVING, GAN_JOB_RUNNING, GAN_JOB_VERIFYING, NULL };
  const char *state = gan_job_row_get_state (row);

  if (gan_cli_queue_has_ended (row))
    return state;
  if (g_strcmp0 (gan_job_row_get_wanted (row), GAN_JOB_WANT_PAUSE) == 0)
    return GAN_JOB_PAUSED;
  if (g_strcmp0 (gan_job_row_get_wanted (row), GAN_JOB_WANT_CANCEL) == 0)
    return GAN_JOB_CANCELLED;
  if (state == NULL || g_str_equal (state, GAN_JOB_PAUSED)
      || (!has_owner && g_strv_contains (active, state)))
    return GAN_JOB_WAITING;
  return state;
}

static char *
dup_progress (GanJobRow *row)
{
  gint64 downloaded = gan_job_row_get_downloaded (row);
  gint64 total = gan_job_row_get_total (row);

  if (downloaded <= 0)
    return g_strdup ("");
  if (total <= 0)
    return gan_text_from_size (downloaded);
  return g_strdup_printf ("%d%%",
                          (int) (100.0 * (double) MIN (downloaded, total) / (double) total));
}

/* Why it is where it is. */
static char *
dup_remark (GanJobRow *row)
{
  const char *code_name = gan_job_row_get_error_code (row);
  GanErrorCode code = GAN_ERROR_INTERNAL;
  gint64 wait = gan_job_row_get_retry_at (row);

  if (code_name == NULL || !gan_error_code_from_string (code_name, &code))
    return g_strdup ("");
  if (gan_cli_queue_has_ended (row) || wait == GAN_UNKNOWN_TIME)
    return g_strdup_printf (": %s", gan_cli_output_describe (code));
  wait -= gan_clock_get_wall (gan_clock_get_system ());
  return g_strdup_printf (": %s; again in %" G_GINT64_FORMAT " s",
                          gan_cli_output_describe (code),
                          MAX (wait, 0));
}

/**
 * gan_cli_queue_print_text:
 * @rows: (element-type GanJobRow): jobs to show
 * @all: (element-type GanJobRow): all jobs of the queue
 * @has_owner: whether somebody executes it
 *
 * One line each: id, state, progress, and what it is.
 */
void
gan_cli_queue_print_text (GPtrArray *rows, GPtrArray *all, gboolean has_owner)
{
  guint length = gan_cli_queue_get_id_length (all);

  for (guint i = 0; i < rows->len && !gan_cli_output_is_broken (); i++)
    {
      GanJobRow *row = rows->pdata[i];
      const char *title = gan_job_row_get_title (row);
      g_autofree char *progress = dup_progress (row);
      g_autofree char *remark = dup_remark (row);

      gan_cli_output_line ("%.*s  %-9s  %8s  %s%s",
                           (int) length,
                           gan_job_row_get_id (row),
                           describe_state (row, has_owner),
                           progress,
                           title != NULL ? title : gan_job_row_get_url (row),
                           remark);
    }
}

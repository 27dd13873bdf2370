/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pause, resume, cancel, retry and remove: something is wanted of jobs that are there. */
#include "config.h"

#include "gan-cli-options.h"
#include "gan-cli-output.h"
#include "gan-cli-queue.h"
#include "gan-cli-store.h"
#include "gan-error.h"
#include "gan-transfer.h"

#include <string.h>

typedef struct
{
  const char *wanted;                    /* NULL: to be removed */
  gboolean begins;                       /* whether something is downloaded because of it */
  gboolean (*is_meant) (GanJobRow *row); /* of which jobs --all speaks; NULL: of each */
} Change;

/* Jobs of one call. */
typedef struct
{
  GPtrArray *all;    /* the queue */
  GPtrArray *chosen; /* lent from it */
  GError *first;     /* an id that nobody has */
} Selection;

static void
selection_clear (Selection *self)
{
  g_clear_pointer (&self->all, g_ptr_array_unref);
  g_clear_pointer (&self->chosen, g_ptr_array_unref);
  g_clear_error (&self->first);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Selection, selection_clear)

static gboolean
is_under_way (GanJobRow *row)
{
  return !gan_cli_queue_has_ended (row);
}

static gboolean
is_paused (GanJobRow *row)
{
  return !gan_cli_queue_has_ended (row)
         && g_strcmp0 (gan_job_row_get_wanted (row), GAN_JOB_WANT_PAUSE) == 0;
}

/* The jobs whose id begins with @text; the one whose id it is. */
static guint
find (GPtrArray *all, const char *text, GanJobRow **found)
{
  guint n = 0;

  for (guint i = 0; i < all->len && *text != '\0'; i++)
    {
      const char *id = gan_job_row_get_id (all->pdata[i]);

      if (!g_str_has_prefix (id, text))
        continue;
      *found = all->pdata[i];
      n++;
      if (g_str_equal (id, text))
        return 1;
    }
  return n;
}

/* An ambiguous id is a mistake of the command line: nothing is done. One that nobody has does not
 * stand in the way of the others. */
static gboolean
select_ids (Selection *self, int argc, char **argv, gboolean json)
{
  for (int i = 1; i < argc; i++)
    {
      GanJobRow *row = NULL;
      guint n = find (self->all, argv[i], &row);

      if (n > 1)
        {
          gan_cli_options_usage ("%s is the beginning of several ids", argv[i]);
          return FALSE;
        }
      if (n == 1 && !g_ptr_array_find (self->chosen, row, NULL))
        g_ptr_array_add (self->chosen, row);
    }
  for (int i = 1; i < argc; i++)
    {
      GanJobRow *row = NULL;
      g_autoptr (GError) error = NULL;

      if (find (self->all, argv[i], &row) == 1)
        continue;
      gan_error_set (&error, GAN_ERROR_NOT_FOUND, "removed", "there is no download %s", argv[i]);
      gan_cli_output_complain (error->message);
      if (json)
        gan_cli_output_error_object (error);
      if (self->first == NULL)
        self->first = g_steal_pointer (&error);
    }
  return TRUE;
}

static void
select_all (Selection *self, const Change *change)
{
  for (guint i = 0; i < self->all->len; i++)
    {
      if (change->is_meant == NULL || change->is_meant (self->all->pdata[i]))
        g_ptr_array_add (self->chosen, self->all->pdata[i]);
    }
}

static GStrv
dup_ids (GPtrArray *rows)
{
  GStrv ids = g_new0 (char *, rows->len + 1);

  for (guint i = 0; i < rows->len; i++)
    ids[i] = g_strdup (gan_job_row_get_id (rows->pdata[i]));
  return ids;
}

/* The rows as they are now; one that was removed as it was. */
static void
print (GanStore *store, const Selection *selection)
{
  g_autoptr (GPtrArray) now = gan_store_load_jobs_sync (store, NULL);

  for (guint i = 0; i < selection->chosen->len; i++)
    {
      g_autoptr (GPtrArray) one = g_ptr_array_new ();
      GanJobRow *row = selection->chosen->pdata[i];

      if (now != NULL)
        find (now, gan_job_row_get_id (row), &row);
      g_ptr_array_add (one, row);
      gan_cli_queue_print_json (one);
    }
}

/* What they left unfinished; what is being written to goes when its writer hears of it. */
static void
leave_files (GPtrArray *rows)
{
  for (guint i = 0; i < rows->len; i++)
    {
      const char *folder = gan_job_row_get_folder (rows->pdata[i]);
      g_autoptr (GError) error = NULL;

      if (folder != NULL
          && !gan_transfer_leave_job (folder, gan_job_row_get_id (rows->pdata[i]), &error))
        gan_cli_output_error (error, FALSE);
    }
}

static gboolean
apply (GanApp *app, const Change *change, const Selection *selection, gboolean json, GError **error)
{
  GanStore *store = gan_app_get_store (app);
  g_auto (GStrv) ids = dup_ids (selection->chosen);
  gboolean ok = FALSE;

  if (selection->chosen->len == 0)
    return TRUE;
  if (change->wanted != NULL)
    ok = gan_store_want_sync (store, (const char *const *) ids, change->wanted, error);
  else
    ok = gan_store_remove_jobs_sync (store, (const char *const *) ids, error);
  if (ok && change->wanted == NULL)
    leave_files (selection->chosen);
  if (ok && json)
    print (store, selection);
  return ok && gan_cli_queue_wake (app, change->begins, error);
}

static int
change_jobs (GanCli *cli, const Change *change, gboolean all, gboolean json, int argc, char **argv)
{
  GError *error = NULL;
  g_autoptr (GanApp) app = gan_cli_options_make_app (cli, &error);
  g_auto (Selection) selection = { NULL };

  if (app != NULL && gan_cli_store_open (app, &error))
    selection.all = gan_store_load_jobs_sync (gan_app_get_store (app), &error);
  if (selection.all == NULL)
    return gan_cli_output_finish (cli, app, error, json);
  selection.chosen = g_ptr_array_new ();
  if (all)
    select_all (&selection, change);
  else if (!select_ids (&selection, argc, argv, json))
    return GAN_CLI_EXIT_USAGE;
  if (!apply (app, change, &selection, json, &error) || selection.first == NULL)
    return gan_cli_output_finish (cli, app, error, json);
  return gan_cli_output_exit_code (selection.first);
}

static int
run (GanCli *cli, const Change *change, int argc, char **argv)
{
  gboolean all = FALSE;
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "all", 0, 0, G_OPTION_ARG_NONE, &all, "All of the queue instead of some", NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "Print one JSON object per download", NULL },
    { NULL },
  };

  if (!gan_cli_options_parse_verb (cli, entries, 0, G_MAXINT, &argc, &argv))
    return GAN_CLI_EXIT_USAGE;
  if (all == (argc > 1))
    return gan_cli_options_usage ("%s takes ids, or --all", cli->verb->name);
  return change_jobs (cli, change, all, json, argc, argv);
}

/**
 * gan_cli_run_queue_pause:
 * @cli: the command line
 * @argc: number of arguments, the verb first
 * @argv: arguments
 *
 * Returns: the exit code
 */
int
gan_cli_run_queue_pause (GanCli *cli, int argc, char **argv)
{
  static const Change change = { GAN_JOB_WANT_PAUSE, .is_meant = is_under_way };

  return run (cli, &change, argc, argv);
}

/**
 * gan_cli_run_queue_resume:
 * @cli: the command line
 * @argc: number of arguments, the verb first
 * @argv: arguments
 *
 * Returns: the exit code
 */
int
gan_cli_run_queue_resume (GanCli *cli, int argc, char **argv)
{
  static const Change change = { GAN_JOB_WANT_RUN, .begins = TRUE, .is_meant = is_paused };

  return run (cli, &change, argc, argv);
}

/**
 * gan_cli_run_queue_cancel:
 * @cli: the command line
 * @argc: number of arguments, the verb first
 * @argv: arguments
 *
 * Returns: the exit code
 */
int
gan_cli_run_queue_cancel (GanCli *cli, int argc, char **argv)
{
  static const Change change = { GAN_JOB_WANT_CANCEL, .is_meant = is_under_way };

  return run (cli, &change, argc, argv);
}

/**
 * gan_cli_run_queue_retry:
 * @cli: the command line
 * @argc: number of arguments, the verb first
 * @argv: arguments
 *
 * Returns: the exit code
 */
int
gan_cli_run_queue_retry (GanCli *cli, int argc, char **argv)
{
  static const Change change
      = { GAN_JOB_WANT_RUN, .begins = TRUE, .is_meant = gan_cli_queue_has_ended };

  return run (cli, &change, argc, argv);
}

/**
 * gan_cli_run_queue_remove:
 * @cli: the command line
 * @argc: number of arguments, the verb first
 * @argv: arguments
 *
 * Returns: the exit code
 */
int
gan_cli_run_queue_remove (GanCli *cli, int argc, char **argv)
{
  static const Change change = { NULL };

  return run (cli, &change, argc, argv);
}

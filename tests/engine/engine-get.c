/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A program with nothing but the engine in it, for tests that kill it:
 *
 *   engine-get [--ca-file PEM] [--name NAME] [--limit-rate BYTES] [--haste N] URL FOLDER
 *
 * --haste lets N seconds pass in one, so that what happens every second happens often. */
#include "config.h"

#include "gan-error.h"
#include "gan-net.h"
#include "gan-transfer.h"

#include <glib-unix.h>
#include <sys/resource.h>

#define CANCELLED_EXIT 130

static char *ca_file;
static char *name;
static gint64 limit_rate;
static int haste = 1;
static char **words;

static const GOptionEntry entries[] = {
  { "ca-file", 0, 0, G_OPTION_ARG_FILENAME, &ca_file, NULL, NULL },
  { "name", 0, 0, G_OPTION_ARG_FILENAME, &name, NULL, NULL },
  { "limit-rate", 0, 0, G_OPTION_ARG_INT64, &limit_rate, NULL, NULL },
  { "haste", 0, 0, G_OPTION_ARG_INT, &haste, NULL, NULL },
  { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &words, NULL, NULL },
  G_OPTION_ENTRY_NULL,
};

struct _HastyClock
{
  GanClock parent_instance;
};

#define HASTY_TYPE_CLOCK (hasty_clock_get_type ())
G_DECLARE_FINAL_TYPE (HastyClock, hasty_clock, HASTY, CLOCK, GanClock)
G_DEFINE_FINAL_TYPE (HastyClock, hasty_clock, GAN_TYPE_CLOCK)

static gint64
hasty_clock_get_wall (GanClock *clock)
{
  return gan_clock_get_wall (gan_clock_get_system ());
}

static gint64
hasty_clock_get_monotonic (GanClock *clock)
{
  return gan_clock_get_monotonic (gan_clock_get_system ()) * haste;
}

static gboolean
hasty_clock_wait (GanClock *clock, gint64 microseconds, GCancellable *cancellable, GError **error)
{
  return gan_clock_wait (gan_clock_get_system (), microseconds / haste, cancellable, error);
}

static void
hasty_clock_class_init (HastyClockClass *klass)
{
  GanClockClass *clock_class = GAN_CLOCK_CLASS (klass);

  clock_class->get_wall = hasty_clock_get_wall;
  clock_class->get_monotonic = hasty_clock_get_monotonic;
  clock_class->wait = hasty_clock_wait;
}

static void
hasty_clock_init (HastyClock *self)
{
}

static void
told_cb (const GanProgress *progress, gpointer user_data)
{
  g_print ("progress %" G_GINT64_FORMAT "\n", progress->downloaded);
}

static gboolean
signal_cb (gpointer user_data)
{
  g_cancellable_cancel (user_data);
  return G_SOURCE_CONTINUE;
}

static void
done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **place = user_data;

  *place = g_object_ref (result);
}

static void
tell_peak (void)
{
  struct rusage usage;

  if (getrusage (RUSAGE_SELF, &usage) == 0)
    g_print ("peak %ld kB\n", usage.ru_maxrss);
}

static int
tell (GAsyncResult *done)
{
  static const char *const verified[] = { "none", "length", "container" };
  g_autoptr (GError) error = NULL;
  g_autoptr (GanTransferResult) result = gan_transfer_run_finish (done, &error);

  if (result != NULL)
    {
      g_print ("ok %s %s %s\n",
               result->file,
               verified[result->verified],
               result->resumed ? "resumed" : "new");
      return 0;
    }
  if (gan_error_is_cancelled (error))
    {
      g_print ("cancelled\n");
      return CANCELLED_EXIT;
    }
  g_print ("error %s %s: %s\n",
           error->domain == GAN_ERROR ? gan_error_code_to_string ((GanErrorCode) error->code)
                                      : "foreign",
           gan_error_get_reason (error) != NULL ? gan_error_get_reason (error) : "-",
           error->message);
  return 1;
}

/* After gan_net_init(), before which nothing may run. */
static int
run (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new ("URL FOLDER");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GanPool) pool = gan_pool_new ("transfers", 1);
  g_autoptr (GanClock) clock = g_object_new (HASTY_TYPE_CLOCK, NULL);
  g_autoptr (GanTransport) transport = NULL;
  g_autoptr (GanHttp) http = NULL;
  g_autoptr (GanUrl) url = NULL;
  g_autoptr (GanPlan) plan = NULL;
  g_autoptr (GAsyncResult) done = NULL;
  GanSoupTransportOptions network = { NULL };
  GanTransferOptions options = { .progress = told_cb };

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, NULL) || words == NULL || words[0] == NULL
      || words[1] == NULL)
    return 2;
  url = gan_url_parse (words[0], NULL);
  if (url == NULL)
    return 2;
  network.ca_file = ca_file;
  transport = gan_soup_transport_new (&network, NULL);
  http = gan_http_new (transport, clock);
  plan = gan_plan_new ("generic", words[0]);
  gan_plan_set_plain_file (plan, TRUE);
  gan_plan_add_track (plan, GAN_TRACK_FILE, url, "file", "http");
  options.folder = words[1];
  options.name = name;
  options.limit_rate = limit_rate;
  g_unix_signal_add (SIGTERM, signal_cb, cancellable);
  g_unix_signal_add (SIGINT, signal_cb, cancellable);
  gan_transfer_run_async (http, plan, &options, pool, cancellable, done_cb, &done);
  while (done == NULL)
    g_main_context_iteration (NULL, TRUE);
  tell_peak ();
  return tell (done);
}

int
main (int argc, char **argv)
{
  gan_net_init ();
  return run (argc, argv);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-log.h"

#include "gan-redact.h"
#include "gan-text.h"

#include <string.h>
#include <unistd.h>

static gint threshold = G_LOG_LEVEL_WARNING;

static const char *
field (const GLogField *fields, gsize n_fields, const char *key)
{
  for (gsize i = 0; i < n_fields; i++)
    {
      /* Fields with a length of their own need not end in NUL; GLib's own two never have one. */
      if (strcmp (fields[i].key, key) == 0 && fields[i].length < 0)
        return fields[i].value;
    }
  return NULL;
}

/* One write per line, so that lines of several threads do not mix. Other people's domains keep to
 * warnings. */
static GLogWriterOutput
write_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  const char *domain = field (fields, n_fields, "GLIB_DOMAIN");
  const char *message = field (fields, n_fields, "MESSAGE");
  gboolean ours = domain != NULL && g_str_has_prefix (domain, "gan-");
  GLogLevelFlags limit
      = ours ? (GLogLevelFlags) g_atomic_int_get (&threshold) : G_LOG_LEVEL_WARNING;
  g_autofree char *redacted = NULL;
  g_autofree char *shown = NULL;
  g_autofree char *line = NULL;

  if ((level & G_LOG_LEVEL_MASK) > limit || message == NULL)
    return G_LOG_WRITER_HANDLED;
  redacted = gan_redact_text (message);
  shown = gan_text_for_terminal (redacted);
  line = g_strdup_printf ("%s: %s\n", domain != NULL ? domain : "gannet", shown);
  if (write (STDERR_FILENO, line, strlen (line)) < 0)
    return G_LOG_WRITER_UNHANDLED;
  return G_LOG_WRITER_HANDLED;
}

/**
 * gan_log_set_level:
 * @level: the least important level that is still written
 */
void
gan_log_set_level (GLogLevelFlags level)
{
  g_atomic_int_set (&threshold, (gint) level);
}

/**
 * gan_log_init:
 * @level: the least important level that is still written
 *
 * Takes over GLib's structured log; to be called once, first thing in main().
 */
void
gan_log_init (GLogLevelFlags level)
{
  gan_log_set_level (level);
  g_log_set_writer_func (write_log, NULL, NULL);
}

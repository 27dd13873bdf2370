/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-cli-progress.h"

#include "gan-text.h"

#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define DEFAULT_COLUMNS 80
#define BAR_CELLS 12
#define MIN_NAME_CELLS 8
#define MAX_NAME_CELLS 40

static guint
get_columns (void)
{
  struct winsize size = { 0 };

  if (ioctl (STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
    return DEFAULT_COLUMNS;
  return size.ws_col;
}

/* Cells, not bytes: wide characters take two, combining ones none. */
static guint
cells_of (gunichar c)
{
  if (g_unichar_iszerowidth (c))
    return 0;
  return g_unichar_iswide (c) ? 2 : 1;
}

static char *
dup_cut (const char *text, guint cells)
{
  g_autoptr (GString) cut = g_string_new (NULL);

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (cells_of (c) > cells)
        break;
      cells -= cells_of (c);
      g_string_append_unichar (cut, c);
    }
  return g_strdup (cut->str);
}

static guint
count_cells (const char *text)
{
  guint cells = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    cells += cells_of (g_utf8_get_char (p));
  return cells;
}

/* The name gets what the figures leave of the line. */
static char *
dup_name (const GanProgress *progress, guint cells)
{
  g_autofree char *base
      = progress->file != NULL ? g_path_get_basename (progress->file) : g_strdup ("…");
  g_autofree char *shown = gan_text_for_terminal (base);
  g_autofree char *cut = NULL;

  if (count_cells (shown) <= cells)
    return g_steal_pointer (&shown);
  cut = dup_cut (shown, cells - 1);
  return g_strconcat (cut, "…", NULL);
}

static char *
dup_bar (const GanProgress *progress)
{
  g_autoptr (GString) bar = g_string_new ("[");
  guint filled = 0;

  if (progress->total <= 0)
    return g_strdup ("");
  filled
      = (guint) (MIN ((double) progress->downloaded / (double) progress->total, 1.0) * BAR_CELLS);
  for (guint i = 0; i < BAR_CELLS; i++)
    g_string_append_c (bar, i < filled ? '=' : i == filled ? '>' : ' ');
  g_string_append_printf (
      bar,
      "] %3d%%  ",
      (int) (MIN ((double) progress->downloaded / (double) progress->total, 1.0) * 100));
  return g_strdup (bar->str);
}

static char *
dup_amount (const GanProgress *progress)
{
  g_autofree char *downloaded = gan_text_from_size (progress->downloaded);
  g_autofree char *total = progress->total >= 0 ? gan_text_from_size (progress->total) : NULL;

  return total != NULL ? g_strdup_printf ("%s of %s", downloaded, total)
                       : g_steal_pointer (&downloaded);
}

static char *
dup_pace (const GanProgress *progress)
{
  g_autofree char *speed = progress->speed >= 0 ? gan_text_from_size (progress->speed) : NULL;
  g_autofree char *eta
      = progress->eta >= 0 ? gan_text_from_duration ((double) progress->eta) : NULL;

  switch (progress->state)
    {
    case GAN_TRANSFER_RETRYING:
      return g_strdup ("trying again");
    case GAN_TRANSFER_VERIFYING:
      return g_strdup ("verifying");
    case GAN_TRANSFER_WAITING:
    case GAN_TRANSFER_RUNNING:
    case GAN_TRANSFER_DONE:
    default:
      break;
    }
  if (speed == NULL)
    return g_strdup ("");
  return eta != NULL ? g_strdup_printf ("%s/s  %s left", speed, eta)
                     : g_strdup_printf ("%s/s", speed);
}

/**
 * gan_cli_progress_is_wanted:
 *
 * Returns: whether somebody watches
 */
gboolean
gan_cli_progress_is_wanted (void)
{
  return isatty (STDERR_FILENO) == 1;
}

/**
 * gan_cli_progress_draw:
 * @progress: how the transfer goes
 *
 * Draws the line over the one before.
 */
void
gan_cli_progress_draw (const GanProgress *progress)
{
  guint columns = get_columns () - 1;
  g_autofree char *bar = dup_bar (progress);
  g_autofree char *amount = dup_amount (progress);
  g_autofree char *pace = dup_pace (progress);
  g_autofree char *figures = g_strdup_printf ("  %s%s  %s", bar, amount, pace);
  guint taken = count_cells (figures);
  guint room = columns > taken ? columns - taken : 0;
  g_autofree char *name = dup_name (progress, CLAMP (room, MIN_NAME_CELLS, MAX_NAME_CELLS));
  g_autofree char *line = g_strconcat (name, figures, NULL);
  g_autofree char *shown = dup_cut (line, columns);

  fprintf (stderr, "\r%s\033[K", shown);
  fflush (stderr);
}

/**
 * gan_cli_progress_clear:
 *
 * Takes the line away, so that others can be written.
 */
void
gan_cli_progress_clear (void)
{
  fputs ("\r\033[K", stderr);
  fflush (stderr);
}

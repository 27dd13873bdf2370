/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-connect-to.h"

#include "gan-error.h"

#include <string.h>

#define N_PARTS 4

typedef struct
{
  char *parts[N_PARTS]; /* HOST PORT HOST2 PORT2, "" where left open */
  guint16 port;         /* 0: any */
  guint16 to_port;      /* 0: the same */
} Entry;

struct _GanConnectTo
{
  GPtrArray *entries;
};

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  for (gsize i = 0; i < N_PARTS; i++)
    g_free (entry->parts[i]);
  g_free (entry);
}

static gboolean
read_port (const char *text, guint16 *port)
{
  guint64 number = 0;

  if (*text == '\0')
    return TRUE;
  if (!g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT16, &number, NULL))
    return FALSE;
  *port = (guint16) number;
  return TRUE;
}

/* A part ends at a colon, but an address in brackets may hold some. */
static char *
read_part (const char **cursor)
{
  const char *start = *cursor;
  const char *end = NULL;

  if (*start == '[' && (end = strchr (start, ']')) != NULL)
    {
      *cursor = end + 1;
      return g_strndup (start + 1, (gsize) (end - start - 1));
    }
  *cursor = start + strcspn (start, ":");
  return g_strndup (start, (gsize) (*cursor - start));
}

static Entry *
parse_entry (const char *text)
{
  Entry *entry = g_new0 (Entry, 1);
  const char *cursor = text;
  gboolean right = TRUE;

  for (gsize i = 0; i < N_PARTS; i++)
    {
      if (i > 0 && *cursor++ != ':')
        {
          right = FALSE;
          break;
        }
      entry->parts[i] = read_part (&cursor);
    }
  if (right && *cursor == '\0' && read_port (entry->parts[1], &entry->port)
      && read_port (entry->parts[3], &entry->to_port))
    return entry;
  entry_free (entry);
  return NULL;
}

/**
 * gan_connect_to_new:
 * @entries: (nullable): "HOST:PORT:HOST2:PORT2" as of curl's --connect-to, NULL-terminated; an
 * empty HOST or PORT stands for any, an empty HOST2 or PORT2 for the same; IPv6 addresses in
 * brackets
 * @error: return location
 *
 * Returns: (transfer full): the table; NULL with %GAN_ERROR_INVALID_DATA, reason "connect-to"
 */
GanConnectTo *
gan_connect_to_new (const char *const *entries, GError **error)
{
  g_autoptr (GanConnectTo) self = g_new0 (GanConnectTo, 1);

  self->entries = g_ptr_array_new_with_free_func (entry_free);
  for (gsize i = 0; entries != NULL && entries[i] != NULL; i++)
    {
      Entry *entry = parse_entry (entries[i]);

      if (entry == NULL)
        {
          gan_error_set (error,
                         GAN_ERROR_INVALID_DATA,
                         "connect-to",
                         "'%s' is not HOST:PORT:HOST2:PORT2",
                         entries[i]);
          return NULL;
        }
      g_ptr_array_add (self->entries, entry);
    }
  return g_steal_pointer (&self);
}

/**
 * gan_connect_to_free:
 * @self: (transfer full): a table
 */
void
gan_connect_to_free (GanConnectTo *self)
{
  g_ptr_array_unref (self->entries);
  g_free (self);
}

/**
 * gan_connect_to_find:
 * @self: a table
 * @host: the host of a URL
 * @port: its port
 * @to_host: (out) (transfer none): where to go instead, or @host
 * @to_port: (out): the port there, or @port
 *
 * The first entry that fits counts.
 *
 * Returns: whether one did
 */
gboolean
gan_connect_to_find (GanConnectTo *self,
                     const char *host,
                     guint16 port,
                     const char **to_host,
                     guint16 *to_port)
{
  g_return_val_if_fail (self != NULL && host != NULL, FALSE);
  g_return_val_if_fail (to_host != NULL && to_port != NULL, FALSE);

  *to_host = host;
  *to_port = port;
  for (guint i = 0; i < self->entries->len; i++)
    {
      const Entry *entry = self->entries->pdata[i];

      if (*entry->parts[0] != '\0' && g_ascii_strcasecmp (entry->parts[0], host) != 0)
        continue;
      if (entry->port != 0 && entry->port != port)
        continue;
      if (*entry->parts[2] != '\0')
        *to_host = entry->parts[2];
      if (entry->to_port != 0)
        *to_port = entry->to_port;
      return TRUE;
    }
  return FALSE;
}

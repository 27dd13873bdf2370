/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gan-test-media.h"

#include "gan-test-fixture.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PATIENCE (30 * G_TIME_SPAN_SECOND)

GanMediaHelper *
gan_test_media_new_helper (void)
{
  g_autofree char *program = gan_test_program_dup_path ("src/media/gannet-media");

  return gan_media_helper_new (program);
}

GBytes *
gan_test_media_load (const char *name)
{
  g_autofree char *below = g_build_filename ("tests", "media", name, NULL);
  g_autofree char *path = gan_test_program_dup_path (below);
  g_autoptr (GError) error = NULL;
  char *data = NULL;
  gsize length = 0;

  g_file_get_contents (path, &data, &length, &error);
  g_assert_no_error (error);
  return g_bytes_new_take (data, length);
}

void
gan_test_media_assert_works (GanMediaHelper *helper)
{
  g_autoptr (GBytes) file = gan_test_media_load ("color.png");
  g_autoptr (GError) error = NULL;
  g_autoptr (GanPicture) picture = gan_media_helper_decode_image (helper, file, 320, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (picture->width, ==, 320);
  g_assert_cmpint (picture->height, ==, 180);
}

/* State and parent of a process; FALSE when there is none. */
static gboolean
read_stat (const char *process, char *state, int *parent)
{
  g_autofree char *path = g_build_filename ("/proc", process, "stat", NULL);
  g_autofree char *text = NULL;
  const char *end = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return FALSE;
  end = strrchr (text, ')');
  return end != NULL && sscanf (end, ") %c %d", state, parent) == 2;
}

GPid
gan_test_media_find_child (void)
{
  g_autoptr (GDir) processes = g_dir_open ("/proc", 0, NULL);
  const char *name = NULL;

  g_assert_nonnull (processes);
  while ((name = g_dir_read_name (processes)) != NULL)
    {
      guint64 process = 0;
      char state = 0;
      int parent = 0;

      if (g_ascii_string_to_unsigned (name, 10, 1, G_MAXINT, &process, NULL)
          && read_stat (name, &state, &parent) && parent == getpid () && state != 'Z')
        return (GPid) process;
    }
  return 0;
}

void
gan_test_media_wait_request (GPid child)
{
  gint64 deadline = g_get_monotonic_time () + PATIENCE;
  int process = (int) syscall (SYS_pidfd_open, child, 0);
  int socket = (int) syscall (SYS_pidfd_getfd, process, STDIN_FILENO, 0);
  int n_bytes = 0;

  g_assert_cmpint (socket, >=, 0);
  while (n_bytes == 0)
    {
      struct pollfd poll_socket = { socket, POLLIN, 0 };

      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      poll (&poll_socket, 1, 1000);
      g_assert_cmpint (ioctl (socket, FIONREAD, &n_bytes), ==, 0);
    }
  close (socket);
  close (process);
}

void
gan_test_media_wait_gone (GPid process)
{
  gint64 deadline = g_get_monotonic_time () + PATIENCE;
  g_autofree char *name = g_strdup_printf ("%d", process);
  char state = 0;
  int parent = 0;

  while (read_stat (name, &state, &parent) && state != 'Z')
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      poll (NULL, 0, 10);
    }
}

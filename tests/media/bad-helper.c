/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A helper taken over by what it read: misbehaves as the name says that it was started by. */
#include <gio/gio.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define HELLO "{\"hello\":1,\"landlock\":1}\n"
#define FLOOD_BYTES (1024 * 1024)

static void
say (int descriptor, const char *text)
{
  if (write (descriptor, text, strlen (text)) < 0)
    _exit (1);
}

static void
flood (int descriptor)
{
  static const char noise[64] = "noise ";

  for (gsize i = 0; i < FLOOD_BYTES / sizeof noise; i++)
    {
      if (write (descriptor, noise, sizeof noise) < 0 && descriptor == STDOUT_FILENO)
        _exit (1);
    }
}

static void
answer (const char *way)
{
  if (g_str_equal (way, "crash"))
    raise (SIGSEGV);
  else if (g_str_equal (way, "leave"))
    _exit (0);
  else if (g_str_equal (way, "garbage"))
    say (STDOUT_FILENO, "\x01\xff{]\n");
  else if (g_str_equal (way, "array"))
    say (STDOUT_FILENO, "[1]\n");
  else if (g_str_equal (way, "deep"))
    say (STDOUT_FILENO, "{\"id\":1,\"a\":[[[[[[[[[[]]]]]]]]]]}\n");
  else if (g_str_equal (way, "endless"))
    flood (STDOUT_FILENO);
  else if (g_str_equal (way, "wrong-id"))
    say (STDOUT_FILENO, "{\"id\":77,\"width\":1,\"height\":1}\n");
  else if (g_str_equal (way, "huge"))
    say (STDOUT_FILENO, "{\"id\":1,\"width\":65536,\"height\":65536}\n");
  else if (g_str_equal (way, "negative"))
    say (STDOUT_FILENO, "{\"id\":1,\"width\":-4,\"height\":-4}\n");
  else if (g_str_equal (way, "no-size"))
    say (STDOUT_FILENO, "{\"id\":1}\n");
  else if (g_str_equal (way, "odd-error"))
    say (STDOUT_FILENO, "{\"id\":1,\"error\":\"private\"}\n");
  else if (g_str_equal (way, "last"))
    say (STDOUT_FILENO, "{\"id\":1,\"width\":1,\"height\":1,\"last\":true}\n");
  else if (g_str_equal (way, "chatty"))
    {
      flood (STDERR_FILENO);
      say (STDOUT_FILENO, "{\"id\":1,\"width\":1,\"height\":1}\n");
    }
}

int
main (int argc, char **argv)
{
  g_autofree char *way = g_path_get_basename (argv[0]);
  char byte = 0;

  if (g_str_equal (way, "stillborn"))
    return 1;
  say (STDOUT_FILENO, HELLO);
  while (read (STDIN_FILENO, &byte, 1) == 1)
    {
      if (byte == '\n')
        answer (way);
    }
  return 0;
}

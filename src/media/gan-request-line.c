/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-request-line.h"

#include "gan-json.h"
#include "gan-limits.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_DEPTH 4

/**
 * gan_request_line_clear: (skip)
 */
void
gan_request_line_clear (GanRequestLine *self)
{
  g_clear_pointer (&self->json, json_node_unref);
  for (guint i = 0; i < GAN_REQUEST_DESCRIPTORS; i++)
    {
      if (self->descriptors[i] >= 0)
        close (self->descriptors[i]);
      self->descriptors[i] = -1;
    }
}

/* What comes beside the first byte. */
static void
take_descriptors (GanRequestLine *self, struct msghdr *message)
{
  guint n = 0;

  for (struct cmsghdr *part = CMSG_FIRSTHDR (message); part != NULL;
       part = CMSG_NXTHDR (message, part))
    {
      guint count = (guint) ((part->cmsg_len - CMSG_LEN (0)) / sizeof (int));

      if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS)
        continue;
      for (guint i = 0; i < count && n < GAN_REQUEST_DESCRIPTORS; i++)
        {
          if (self->descriptors[n] < 0)
            memcpy (&self->descriptors[n], CMSG_DATA (part) + i * sizeof (int), sizeof (int));
          n += 1;
        }
    }
}

static gssize
receive (GanRequestLine *self, int socket, char *buffer, gsize size)
{
  char control[CMSG_SPACE (sizeof (int) * GAN_REQUEST_DESCRIPTORS)]
      __attribute__ ((aligned (__alignof__(struct cmsghdr))))
      = { 0 };
  struct iovec bytes = { buffer, size };
  struct msghdr message = {
    .msg_iov = &bytes,
    .msg_iovlen = 1,
    .msg_control = control,
    .msg_controllen = sizeof control,
  };
  gssize n = 0;

  do
    n = recvmsg (socket, &message, MSG_CMSG_CLOEXEC);
  while (n < 0 && errno == EINTR);
  if (n > 0)
    take_descriptors (self, &message);
  return n;
}

/**
 * gan_request_line_receive:
 * @self: (out caller-allocates): the request
 * @socket: a connected unix socket
 *
 * Blocks for the next request. There is only one at a time: the next one is sent when this one has
 * been answered.
 *
 * Returns: FALSE at the end of the stream, or when what came is no request; nothing more can come
 *   then
 */
gboolean
gan_request_line_receive (GanRequestLine *self, int socket)
{
  char line[GAN_LIMIT_HELPER_LINE_BYTES];
  gsize length = 0;

  g_return_val_if_fail (self != NULL, FALSE);

  self->json = NULL;
  for (guint i = 0; i < GAN_REQUEST_DESCRIPTORS; i++)
    self->descriptors[i] = -1;
  while (length == 0 || line[length - 1] != '\n')
    {
      gssize n
          = length < sizeof line ? receive (self, socket, line + length, sizeof line - length) : -1;

      if (n <= 0)
        {
          gan_request_line_clear (self);
          return FALSE;
        }
      length += (gsize) n;
    }
  self->json = gan_json_parse (line, (gssize) length, sizeof line, MAX_DEPTH, NULL);
  if (self->json != NULL)
    return TRUE;
  gan_request_line_clear (self);
  return FALSE;
}

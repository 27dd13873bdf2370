/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "twitter-syndication.h"

#include "twitter-post.h"
#include "twitter-refusal.h"

#include <math.h>

#define BASE 36

/* A fraction needs at most 1074 binary digits, so no more than these. */
#define MAX_DIGITS 1100

/* One digit of a fraction, which loses it. Each product is rounded, as in JavaScript, before the
 * digit is taken from it: volatile keeps the two from becoming one fused operation. */
static guint
take_digit (double *fraction)
{
  volatile double product = *fraction * BASE;
  guint digit = (guint) product;

  *fraction = product - digit;
  return digit;
}

/* The fraction of a number in base 36, as few digits as tell it from its neighbours. */
static guint
read_fraction (double number, guint *digits)
{
  double fraction = number - floor (number);
  double delta = MAX (0.5 * (nextafter (number, INFINITY) - number), nextafter (0.0, 1.0));
  guint n_digits = 0;

  while (fraction >= delta && n_digits < MAX_DIGITS)
    {
      guint digit = take_digit (&fraction);

      delta *= BASE;
      digits[n_digits++] = digit;
      if ((fraction > 0.5 || (fraction == 0.5 && digit % 2 == 1)) && fraction + delta > 1)
        {
          /* Rounded up. It is not the highest digit: else the one before would have been. */
          digits[n_digits - 1] = MIN (digit + 1, BASE - 1);
          break;
        }
    }
  return n_digits;
}

static char
to_char (guint digit)
{
  return "0123456789abcdefghijklmnopqrstuvwxyz"[digit];
}

/**
 * gan_twitter_syndication_dup_token:
 * @id: id of a post, decimal digits
 *
 * What syndication wants to be asked with: the id as a double, divided by 10^15, times π, written
 * as JavaScript's Number.toString (36) writes it, without the point and without zeros. The digits
 * of the fraction end where the next ones would not tell the number from its neighbours any more.
 *
 * Returns: (transfer full): the token
 */
char *
gan_twitter_syndication_dup_token (const char *id)
{
  double number = g_ascii_strtod (id, NULL) / 1e15 * G_PI;
  g_autoptr (GString) token = g_string_new (NULL);
  guint digits[MAX_DIGITS];
  guint n_digits = read_fraction (number, digits);

  for (guint64 whole = (guint64) number; whole > 0; whole /= BASE)
    {
      if (whole % BASE != 0)
        g_string_prepend_c (token, to_char (whole % BASE));
    }
  for (guint i = 0; i < n_digits; i++)
    {
      if (digits[i] != 0)
        g_string_append_c (token, to_char (digits[i]));
    }
  return g_string_free (g_steal_pointer (&token), FALSE);
}

/**
 * gan_twitter_syndication_ask:
 * @visit: the visit
 * @id: id of a post
 * @error: return location
 *
 * Returns: (transfer full): the post, or NULL with an error
 */
GanMedia *
gan_twitter_syndication_ask (GanVisit *visit, const char *id, GError **error)
{
  g_autofree char *token = gan_twitter_syndication_dup_token (id);
  g_autoptr (GanRequest) request
      = gan_visit_request (visit, "GET", "syndication", error, "id", id, "token", token, NULL);
  g_autoptr (GanReply) reply = request != NULL ? gan_visit_fetch (visit, request, error) : NULL;
  g_autoptr (JsonNode) root = NULL;
  JsonObject *post = NULL;

  if (reply == NULL)
    return NULL;
  if (gan_reply_get_status (reply) == 200)
    root = gan_reply_parse_json (reply, NULL);
  post = gan_json_get_object (root, NULL);
  if (gan_reply_get_status (reply) == 404 || (post != NULL && json_object_get_size (post) == 0))
    {
      gan_error_set (error, GAN_ERROR_NOT_FOUND, "removed", "X does not know this post");
      return NULL;
    }
  if (post == NULL)
    {
      gan_twitter_refusal_from_reply (visit, reply, NULL, error);
      return NULL;
    }
  return gan_twitter_post_read (visit, "syndication", root, error);
}

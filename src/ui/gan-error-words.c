/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-error-words.h"

#include <glib/gi18n.h>

typedef struct
{
  GanErrorCode code;
  const char *reason; /* NULL: of the code whatever the reason */
  const char *title;
  const char *advice;
} Words;

/* A reason has a row of its own only where people can do something else about it. */
static const Words table[] = {
  { GAN_ERROR_UNSUPPORTED_URL,
    NULL,
    N_ ("Gannet cannot download from this link"),
    N_ ("Check that the whole link was copied. Open it in a browser to see where it leads.") },
  { GAN_ERROR_UNSUPPORTED_URL,
    "no-media",
    N_ ("There is no media on this page"),
    N_ ("Open the page in a browser, go to the video or file itself, and copy that link.") },
  { GAN_ERROR_UNSUPPORTED_URL,
    "url",
    N_ ("This is not a link"),
    N_ ("A link begins with http:// or https:// and the name of a site. Copy it once more.") },
  { GAN_ERROR_UNSUPPORTED_URL,
    "listing",
    N_ ("This link leads to a list, not to one video"),
    N_ ("Open the list in a browser and copy the link of what you want.") },
  { GAN_ERROR_UNSUPPORTED_URL,
    "protocol",
    N_ ("It is only on offer as a stream"),
    N_ ("Gannet cannot save streams of this kind. Another site may have it as a file.") },
  { GAN_ERROR_NOT_FOUND,
    NULL,
    N_ ("There is nothing at this link"),
    N_ ("Open the link in a browser to see whether it was mistyped or has moved.") },
  { GAN_ERROR_NOT_FOUND,
    "removed",
    N_ ("This was removed"),
    N_ ("Its owner or the site took it down. Look for a copy elsewhere.") },
  { GAN_ERROR_NOT_FOUND,
    "suspended",
    N_ ("The account is suspended"),
    N_ ("The site closed the account that this belongs to. Look for a copy elsewhere.") },
  { GAN_ERROR_NOT_FOUND,
    "blocked",
    N_ ("The site has blocked this"),
    N_ ("The site shows it to nobody any more. Look for a copy elsewhere.") },
  { GAN_ERROR_NOT_FOUND,
    "no-media",
    N_ ("This post has only text"),
    N_ ("There is no video, sound or picture in it to download.") },
  { GAN_ERROR_NOT_FOUND,
    "no-format",
    N_ ("This quality is not on offer"),
    N_ ("Add the link again and choose another quality.") },
  { GAN_ERROR_PRIVATE,
    NULL,
    N_ ("This is private"),
    N_ ("Only people its owner has chosen can see it. Ask the owner to share it.") },
  { GAN_ERROR_LOGIN_REQUIRED,
    NULL,
    N_ ("The site shows this only to people who are signed in"),
    N_ ("Look for a public link to the same thing.") },
  { GAN_ERROR_LOGIN_REQUIRED,
    "app-only",
    N_ ("The site shows this only in its own app"),
    N_ ("Look for a public link to the same thing.") },
  { GAN_ERROR_AGE_RESTRICTED,
    NULL,
    N_ ("The site asks for your age"),
    N_ ("It shows this only to signed-in adults. Look for a public link to the same thing.") },
  { GAN_ERROR_GEO_BLOCKED,
    NULL,
    N_ ("This is blocked in your country"),
    N_ ("The site does not offer it where you are. Look for it on another site.") },
  { GAN_ERROR_DRM,
    NULL,
    N_ ("This is copy-protected"),
    N_ ("It can only be played on the site itself.") },
  { GAN_ERROR_PAID,
    NULL,
    N_ ("This is only for paying members"),
    N_ ("The site offers it to buyers and subscribers, and lets nobody else have it.") },
  { GAN_ERROR_UPCOMING,
    NULL,
    N_ ("This is not out yet"),
    N_ ("It is announced or still being prepared. Try again when it has begun.") },
  { GAN_ERROR_RATE_LIMITED,
    NULL,
    N_ ("The site wants us to slow down"),
    N_ ("Too much was asked of it in a short time. Wait a few minutes, then try again.") },
  { GAN_ERROR_BOT_CHECK,
    NULL,
    N_ ("The site wants to know whether you are a person"),
    N_ ("Open the link in a browser, answer what the site asks, and try again later.") },
  { GAN_ERROR_NETWORK,
    NULL,
    N_ ("The site could not be reached"),
    N_ ("Check that you are online, then try again.") },
  { GAN_ERROR_NETWORK,
    "portal",
    N_ ("This network wants you to sign in first"),
    N_ ("Open any page in a browser, sign in to the network, then try again.") },
  { GAN_ERROR_NETWORK,
    "proxy",
    N_ ("The proxy could not be reached"),
    N_ ("Check the proxy in your network settings, then try again.") },
  { GAN_ERROR_NETWORK,
    "not-recorded",
    N_ ("The recording does not hold this link"),
    N_ ("Gannet is answering from a recording. Start it without one to go online.") },
  { GAN_ERROR_TLS,
    NULL,
    N_ ("The connection is not secure"),
    N_ ("The site could not prove that it is what it says. Check the date and time of your "
        "computer, and whether the network is one you trust.") },
  { GAN_ERROR_HTTP_STATUS,
    NULL,
    N_ ("The site answered with an error"),
    N_ ("Something is wrong at the site. Try again later.") },
  { GAN_ERROR_HTTP_STATUS,
    "redirects",
    N_ ("The link goes round in circles"),
    N_ ("The site sends every visit on to another page. Copy the link again from a browser.") },
  { GAN_ERROR_HTTP_STATUS,
    "retry-after",
    N_ ("The site asks to come back later"),
    N_ ("It is overloaded or being mended. Try again in a while.") },
  { GAN_ERROR_SITE_CHANGED,
    NULL,
    N_ ("The site has changed"),
    N_ ("Gannet no longer understands what it answers. Look for an update of Gannet.") },
  { GAN_ERROR_TRUNCATED,
    NULL,
    N_ ("The download broke off"),
    N_ ("Not all of the file arrived. Try again: what is there already is kept.") },
  { GAN_ERROR_TRUNCATED,
    "no-ranges",
    N_ ("The download broke off"),
    N_ ("Not all of the file arrived, and the site cannot go on in the middle. Try again from the "
        "beginning.") },
  { GAN_ERROR_CHANGED_ON_SERVER,
    NULL,
    N_ ("The file changed while it was downloaded"),
    N_ ("The site replaced it with another version. Try again to get the new one.") },
  { GAN_ERROR_CHANGED_ON_SERVER,
    "format-gone",
    N_ ("The chosen quality is gone"),
    N_ ("The site no longer offers it. Add the link again and choose another.") },
  { GAN_ERROR_NO_SPACE,
    NULL,
    N_ ("The disk is full"),
    N_ ("Free some space or choose a folder on another disk, then try again.") },
  { GAN_ERROR_TOO_LARGE,
    NULL,
    N_ ("This is larger than allowed"),
    N_ ("What came is beyond what Gannet accepts.") },
  { GAN_ERROR_TOO_LARGE,
    "file-size-limit",
    N_ ("The file is too large for this disk"),
    N_ ("The disk cannot hold files of this size. Choose a folder on another disk.") },
  { GAN_ERROR_TOO_LARGE,
    "links",
    N_ ("These are too many links at once"),
    N_ ("Add them in smaller portions.") },
  { GAN_ERROR_NOT_ALLOWED,
    NULL,
    N_ ("This is not allowed"),
    N_ ("The site refuses to hand it out, or your settings forbid it.") },
  { GAN_ERROR_NOT_ALLOWED,
    "address",
    N_ ("This address is not allowed"),
    N_ ("The link leads into a private network.") },
  { GAN_ERROR_NOT_ALLOWED,
    "insecure-redirect",
    N_ ("The site leads to an insecure page"),
    N_ ("It wants to hand over your data without encryption. Gannet does not follow.") },
  { GAN_ERROR_NOT_ALLOWED,
    "no-wastebasket",
    N_ ("This disk has no trash"),
    N_ ("The file stays where it is. Remove it from the list, or delete it in the file manager.") },
  { GAN_ERROR_NOT_ALLOWED,
    "closed",
    N_ ("Gannet is being opened or closed"),
    N_ ("Wait a moment, or start it again, then try once more.") },
  { GAN_ERROR_INVALID_DATA,
    NULL,
    N_ ("The answer makes no sense"),
    N_ ("What the site sent is damaged. Try again later.") },
  { GAN_ERROR_INVALID_DATA,
    "web-page",
    N_ ("A web page came instead of the file"),
    N_ ("Open the link in a browser: the site may want something of you first.") },
  { GAN_ERROR_TIMEOUT,
    NULL,
    N_ ("The site takes too long to answer"),
    N_ ("It is busy, or your connection is slow. Try again later.") },
  { GAN_ERROR_TIMEOUT,
    "low-speed",
    N_ ("The download came to a standstill"),
    N_ ("Hardly anything arrives any more. Try again: what is there already is kept.") },
  { GAN_ERROR_DISK,
    NULL,
    N_ ("The file could not be saved"),
    N_ ("Check that the folder exists and that the disk is in order, then try again.") },
  { GAN_ERROR_DISK,
    "not-writable",
    N_ ("You may not write into this folder"),
    N_ ("Choose another folder, or change the permissions of this one.") },
  { GAN_ERROR_DISK,
    "folder-replaced",
    N_ ("The folder was moved during the download"),
    N_ ("Put it back or choose another folder, then try again.") },
  { GAN_ERROR_DISK,
    "newer-version",
    N_ ("A newer Gannet was used here"),
    N_ ("Its data can be read but not changed by this version. Update Gannet.") },
  { GAN_ERROR_INTERNAL,
    NULL,
    N_ ("Something went wrong in Gannet"),
    N_ ("This is a mistake of the program, not yours. Try again, and report it if it stays.") },
};

/* The table marks what is looked up here. */
static char *
dup_translated (const char *words)
{
  return g_strdup (dgettext (GAN_GETTEXT_DOMAIN, words));
}

static const Words *
find_words (GanErrorCode code, const char *reason)
{
  const Words *found = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      if (table[i].code != code)
        continue;
      if (table[i].reason == NULL)
        found = &table[i];
      else if (g_strcmp0 (table[i].reason, reason) == 0)
        return &table[i];
    }
  return found != NULL ? found : &table[G_N_ELEMENTS (table) - 1];
}

/**
 * gan_error_words_dup_title:
 * @code: a code
 * @reason: (nullable): its reason
 *
 * Returns: (transfer full): what happened, in a few words, translated
 */
char *
gan_error_words_dup_title (GanErrorCode code, const char *reason)
{
  return dup_translated (find_words (code, reason)->title);
}

/**
 * gan_error_words_dup_advice:
 * @code: a code
 * @reason: (nullable): its reason
 *
 * Returns: (transfer full): what to do next, a sentence or two, translated
 */
char *
gan_error_words_dup_advice (GanErrorCode code, const char *reason)
{
  return dup_translated (find_words (code, reason)->advice);
}

/**
 * gan_error_words_get_code:
 * @error: an error of any domain
 * @reason: (out) (transfer none) (nullable): its reason, as long as @error lives
 *
 * Returns: its code; %GAN_ERROR_INTERNAL for what is no %GAN_ERROR
 */
GanErrorCode
gan_error_words_get_code (const GError *error, const char **reason)
{
  *reason = NULL;
  if (error == NULL || error->domain != GAN_ERROR)
    return GAN_ERROR_INTERNAL;
  *reason = gan_error_get_reason (error);
  return (GanErrorCode) error->code;
}

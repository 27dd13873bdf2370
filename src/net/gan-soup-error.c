/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-soup-error.h"

#include "gan-error.h"

#include <libsoup/soup.h>

typedef struct
{
  int io_code;
  const char *reason;
} Reason;

static const char *const stage_names[] = { "connect", "head", "body" };

static const char *
reason_of_io (const GError *cause)
{
  static const Reason reasons[] = {
    { G_IO_ERROR_CONNECTION_REFUSED, "refused" },
    { G_IO_ERROR_HOST_UNREACHABLE, "unreachable" },
    { G_IO_ERROR_NETWORK_UNREACHABLE, "unreachable" },
    { G_IO_ERROR_HOST_NOT_FOUND, "dns" },
    { G_IO_ERROR_CONNECTION_CLOSED, "reset" },
    { G_IO_ERROR_PARTIAL_INPUT, "reset" },
    { G_IO_ERROR_CLOSED, "reset" },
    { G_IO_ERROR_PROXY_FAILED, "proxy" },
    { G_IO_ERROR_PROXY_AUTH_FAILED, "proxy" },
    { G_IO_ERROR_PROXY_NEED_AUTH, "proxy" },
    { G_IO_ERROR_PROXY_NOT_ALLOWED, "proxy" },
    { G_IO_ERROR_TOO_MANY_OPEN_FILES, "files" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (reasons); i++)
    if (g_error_matches (cause, G_IO_ERROR, reasons[i].io_code))
      return reasons[i].reason;
  return "failed";
}

/* A certificate may be wrong in several ways; the first that one can do something about counts. */
static void
set_certificate_error (GError **error, GTlsCertificateFlags flags)
{
  static const struct
  {
    GTlsCertificateFlags flag;
    const char *reason;
    const char *message;
  } faults[] = {
    { G_TLS_CERTIFICATE_NOT_ACTIVATED,
      "not-yet-valid",
      "the server's certificate is not valid yet; is the clock of this computer right?" },
    { G_TLS_CERTIFICATE_EXPIRED,
      "expired",
      "the server's certificate has expired, or the clock of this computer is wrong" },
    { G_TLS_CERTIFICATE_REVOKED, "revoked", "the server's certificate was revoked" },
    { G_TLS_CERTIFICATE_BAD_IDENTITY,
      "wrong-host",
      "the server's certificate is for another host" },
    { G_TLS_CERTIFICATE_UNKNOWN_CA,
      "unknown-authority",
      "the server's certificate is not signed by a known authority" },
    { G_TLS_CERTIFICATE_INSECURE, "insecure", "the server's certificate is not secure" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (faults); i++)
    if ((flags & faults[i].flag) != 0)
      {
        gan_error_set (error, GAN_ERROR_TLS, faults[i].reason, "%s", faults[i].message);
        return;
      }
  gan_error_set (error, GAN_ERROR_TLS, "certificate", "the server's certificate is not acceptable");
}

/* Once TLS stands, its errors are those of a connection that broke; but a server that wants a
 * certificate of ours says so only then. */
static gboolean
is_about_trust (const GError *cause, GanSoupStage stage)
{
  return stage == GAN_SOUP_CONNECT
         || g_error_matches (cause, G_TLS_ERROR, G_TLS_ERROR_CERTIFICATE_REQUIRED);
}

static const char *
reason_of (const GError *cause)
{
  if (cause->domain == G_RESOLVER_ERROR)
    return "dns";
  if (cause->domain == G_TLS_ERROR)
    return "reset";
  return reason_of_io (cause);
}

/**
 * gan_soup_error_set:
 * @error: return location
 * @cause: (transfer full): what was reported
 * @stage: how far the request came
 * @certificate: what was found wrong with the server's certificate, 0 for nothing
 *
 * Cancelling and errors of %GAN_ERROR pass unchanged. The reasons are "dns refused unreachable
 * reset proxy files failed" of %GAN_ERROR_NETWORK; "connect head body" of %GAN_ERROR_TIMEOUT, "cut"
 * of %GAN_ERROR_TRUNCATED, "head" of %GAN_ERROR_INVALID_DATA; "not-yet-valid expired revoked
 * wrong-host unknown-authority insecure certificate handshake" of %GAN_ERROR_TLS.
 */
void
gan_soup_error_set (GError **error,
                    GError *cause,
                    GanSoupStage stage,
                    GTlsCertificateFlags certificate)
{
  g_return_if_fail (cause != NULL);

  if (cause->domain == GAN_ERROR || gan_error_is_cancelled (cause))
    g_propagate_error (error, cause);
  else if (certificate != 0)
    {
      g_error_free (cause);
      set_certificate_error (error, certificate);
    }
  else if (cause->domain == G_TLS_ERROR && is_about_trust (cause, stage))
    gan_error_set_cause (error, GAN_ERROR_TLS, "handshake", cause);
  else if (cause->domain == SOUP_SESSION_ERROR)
    gan_error_set_cause (error, GAN_ERROR_INVALID_DATA, "head", cause);
  else if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    gan_error_set_cause (error, GAN_ERROR_TIMEOUT, stage_names[stage], cause);
  else if (stage == GAN_SOUP_BODY && g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT))
    gan_error_set_cause (error, GAN_ERROR_TRUNCATED, "cut", cause);
  else
    gan_error_set_cause (error, GAN_ERROR_NETWORK, reason_of (cause), cause);
}

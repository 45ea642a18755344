# shellcheck shell=bash
# alert.sh UNIT
#
# Says of a unit that failed what its journal says last: to the webhook whose address is in the file
# $CREDENTIALS_DIRECTORY/webhook, as {"text": …}, and by mail to $MAIL_TO through the relay $MAIL_RELAY,
# an smtp:// or smtps:// address, whichever there is.
set -o errexit -o nounset -o pipefail

unit=$1
host=$(uname --nodename)
last=$(journalctl --unit="$unit" --lines=20 --no-pager --output=cat 2>&1 || true)
subject="$host: $unit failed"

failed=0
webhook=${CREDENTIALS_DIRECTORY-}/webhook
if [[ -s $webhook ]]; then
  # The address is a secret and stays out of the command line, where anybody on the node could read it.
  jq --null-input --arg text "$subject"$'\n'"$last" '{text: $text}' |
    curl --silent --show-error --fail --max-time 30 --retry 3 --retry-connrefused \
      --config <(printf 'url = "%s"\n' "$(head --lines=1 "$webhook")") \
      --header 'Content-Type: application/json' --data-binary @- >/dev/null || failed=1
fi
if [[ -n ${MAIL_TO-} ]]; then
  # Not by sendmail, which changes its group, as a service of ours may not.
  printf 'From: tidemark@%s\r\nTo: %s\r\nSubject: %s\r\n\r\n%s\r\n' "$host" "$MAIL_TO" "$subject" "$last" |
    curl --silent --show-error --max-time 60 --mail-from "tidemark@$host" --mail-rcpt "$MAIL_TO" \
      --upload-file - "$MAIL_RELAY" || failed=1
fi
((failed == 0)) || {
  echo "Could not say that $unit failed; look at journalctl --unit=$unit" >&2
  exit 1
}

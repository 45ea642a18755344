# shellcheck shell=bash
# alert.sh UNIT
#
# Says of a unit that failed what its journal says last: to the webhook whose address is in the file
# $CREDENTIALS_DIRECTORY/webhook, as {"text": …}, and by mail to $MAIL_TO, whichever there is.
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
  printf 'To: %s\nSubject: %s\n\n%s\n' "$MAIL_TO" "$subject" "$last" | sendmail -t || failed=1
fi
((failed == 0)) || {
  echo "Could not say that $unit failed; look at journalctl --unit=$unit" >&2
  exit 1
}

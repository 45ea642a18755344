# shellcheck shell=bash
# Turns turbo off by whichever switch the processor's driver has. A machine without one, such as a
# virtual one, is left as it is; doctor says so then.
set -o errexit -o nounset -o pipefail

cpu=${1-/sys/devices/system/cpu}
if [[ -e $cpu/intel_pstate/no_turbo ]]; then
  echo 1 >"$cpu/intel_pstate/no_turbo"
elif [[ -e $cpu/cpufreq/boost ]]; then
  echo 0 >"$cpu/cpufreq/boost"
else
  echo "No turbo switch: neither intel_pstate/no_turbo nor cpufreq/boost is in $cpu"
fi

#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A sweep as a job array on a Slurm of one node, which is started here and stopped at the end.
#
#   tests/sweep/slurm.sh SPMMA WORK_DIR
#
# Ends with 77, which is "skipped", where Slurm or the right to start it is missing.
set -euo pipefail
[ $# = 2 ] || { sed -n '5,7s/^# \{0,1\}//p' "$0" >&2; exit 2; }
spmma=$(realpath "$1") work=$(realpath -m "$2")
for program in slurmctld slurmd munged sbatch squeue scontrol; do
  if ! PATH=$PATH:/usr/sbin command -v "$program" >/dev/null; then
    echo "skipped: $program is missing (Debian packages slurm-wlm and munge)"
    exit 77
  fi
done
if [ "$(id -u)" != 0 ]; then
  echo "skipped: only root can start slurmd here"
  exit 77
fi
PATH=$PATH:/usr/sbin
rm -rf "$work"
mkdir -p "$work"/{state,spool,munge}
chmod 711 "$work" "$work/munge"

# A munge and a Slurm of our own: nothing of the machine's is touched.
head -c 1024 /dev/urandom >"$work/munge/key"
chmod 400 "$work/munge/key"
chmod 700 "$work/munge"
host=$(hostname -s)
cpus=$(nproc)
cat >"$work/slurm.conf" <<CONF
ClusterName=spmma
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$work/munge/socket
CredType=cred/munge
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
SchedulerParameters=batch_sched_delay=1
SlurmctldPort=26817
SlurmdPort=26818
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd.log
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
NodeName=$host NodeAddr=127.0.0.1 CPUs=$cpus State=UNKNOWN
PartitionName=sweep Nodes=$host Default=YES MaxTime=INFINITE State=UP
CONF
export SLURM_CONF=$work/slurm.conf

pids=()
stop() {
  local pid
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
}
trap stop EXIT
munged --foreground --force --key-file="$work/munge/key" --socket="$work/munge/socket" --pid-file="$work/munge/pid" \
  --log-file="$work/munge/log" --seed-file="$work/munge/seed" &
pids+=($!)
sleep 1
slurmctld -D &
pids+=($!)
slurmd -D &
pids+=($!)
for _ in $(seq 60); do
  ! sinfo -h -o %T 2>/dev/null | grep -qx 'idle' || break
  sleep 1
done
if ! sinfo -h -o %T | grep -qx idle; then
  echo "slurm.sh: the node does not come up:" >&2
  tail -n 20 "$work"/slurm*.log >&2
  exit 1
fi

cd "$work"
arguments=(sweep --base tiny --formats int8 --frac-bits "18,22" --gemm 6x5x32 --no-synthesis)
"$spmma" "${arguments[@]}" --folder "$work/folder" --executor slurm -j 1 --out slurm.jsonl | tee slurm.out
grep -q '2 points, 0 from the cache, 0 failed' slurm.out
[ "$(grep -c '"status":"ok"' slurm.jsonl)" = 2 ]
# The cache has what Slurm's tasks made.
"$spmma" "${arguments[@]}" --folder "$work/folder" --out again.jsonl | grep -q '2 points, 2 from the cache'
cmp slurm.jsonl again.jsonl
# The same points measured here, without that cache: the records are the same but for the seconds.
"$spmma" "${arguments[@]}" --folder "$work/local" --out local.jsonl | grep -q '2 points, 0 from the cache'
cmp <(sed 's/,"seconds":{[^}]*}//' slurm.jsonl) <(sed 's/,"seconds":{[^}]*}//' local.jsonl)
# A point that its node kills is a failed point, with a word of why.
if "$spmma" sweep --base tiny --formats int8 --frac-bits 23 --gemm 6x5x32 --no-synthesis --folder "$work/folder" \
  --executor slurm --out killed.jsonl >killed.out 2>&1 & then
  sweep=$!
  for _ in $(seq 60); do
    job=$(squeue -h -o %A | head -n 1)
    [ -z "$job" ] || break
    sleep 0.5
  done
  scancel "$job"
  if wait "$sweep"; then exit 1; fi
  grep -q 'Slurm ended it' killed.jsonl
fi
# A partition that does not exist is refused with Slurm's own words.
status=0
"$spmma" sweep --base tiny --gemm 6x5x32 --no-synthesis --folder "$work/folder" --executor slurm --partition none \
  2>refused.err || status=$?
[ $status = 2 ]
grep -q 'sbatch refuses the job' refused.err

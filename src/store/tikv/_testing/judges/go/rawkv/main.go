// A judge of the double: TiKV's own client for Go writes, reads, scans and deletes on it, and holds
// every answer against a map. It says each round as it begins, so that faults can be timed.
//
// Arguments: PD's members with + in between, the version of the interface, rounds, and whether its
// commands go in batches, as is its way, or plain.
package main

import (
	"bytes"
	"context"
	"fmt"
	"math/rand"
	"os"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/pingcap/kvproto/pkg/kvrpcpb"
	"github.com/tikv/client-go/v2/config"
	"github.com/tikv/client-go/v2/rawkv"
)

const operations = 60
const least, most = "k", "l"

func main() {
	rounds, _ := strconv.Atoi(os.Args[3])
	version := kvrpcpb.APIVersion_V1
	if os.Args[2] == "2" {
		version = kvrpcpb.APIVersion_V2
	}
	if os.Args[4] == "plain" {
		config.UpdateGlobal(func(conf *config.Config) { conf.TiKVClient.MaxBatchSize = 0 })
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	client, err := rawkv.NewClientWithOpts(ctx, strings.Split(os.Args[1], "+"), rawkv.WithAPIVersion(version))
	must(err)
	judge := &judge{ctx: ctx, client: client, model: map[string]string{}, rng: rand.New(rand.NewSource(1))}
	for round := 0; round < rounds; round++ {
		fmt.Println("round", round)
		for i := 0; i < operations; i++ {
			judge.step()
		}
	}
	judge.scan(least, most, false)
	judge.scan(least, most, true)
	must(client.DeleteRange(ctx, []byte(least), []byte(most)))
	judge.model = map[string]string{}
	judge.scan(least, most, false)
	must(client.Close())
	fmt.Println("fine", judge.done)
}

type judge struct {
	ctx    context.Context
	client *rawkv.Client
	model  map[string]string
	rng    *rand.Rand
	done   int
}

func (j *judge) key() string {
	return fmt.Sprintf("k%03d", j.rng.Intn(500))
}

func (j *judge) step() {
	j.done++
	key, value := j.key(), fmt.Sprint("v", j.done)
	switch j.rng.Intn(9) {
	case 0, 1, 2:
		must(j.client.Put(j.ctx, []byte(key), []byte(value)))
		j.model[key] = value
	case 3, 4:
		got, err := j.client.Get(j.ctx, []byte(key))
		must(err)
		j.same(key, got)
	case 5:
		must(j.client.Delete(j.ctx, []byte(key)))
		delete(j.model, key)
	case 6:
		keys, values := j.some(value)
		must(j.client.BatchPut(j.ctx, keys, values))
		for _, key := range keys {
			j.model[string(key)] = value
		}
		got, err := j.client.BatchGet(j.ctx, keys)
		must(err)
		for i, key := range keys {
			j.same(string(key), got[i])
		}
	case 7:
		keys, _ := j.some(value)
		must(j.client.BatchDelete(j.ctx, keys))
		for _, key := range keys {
			delete(j.model, string(key))
		}
	case 8:
		from, to := j.key(), j.key()
		if from > to {
			from, to = to, from
		}
		j.scan(from, to, j.rng.Intn(2) == 0)
	}
}

func (j *judge) some(value string) (keys, values [][]byte) {
	for i := 0; i < 20; i++ {
		keys = append(keys, []byte(j.key()))
		values = append(values, []byte(value))
	}
	return keys, values
}

func (j *judge) scan(from, to string, reverse bool) {
	var expected []string
	for key := range j.model {
		if key >= from && key < to {
			expected = append(expected, key)
		}
	}
	sort.Strings(expected)
	const limit = 1000
	var keys, values [][]byte
	var err error
	if reverse {
		sort.Sort(sort.Reverse(sort.StringSlice(expected)))
		keys, values, err = j.client.ReverseScan(j.ctx, []byte(to), []byte(from), limit)
	} else {
		keys, values, err = j.client.Scan(j.ctx, []byte(from), []byte(to), limit)
	}
	must(err)
	if len(keys) != len(expected) {
		fail("a scan from %s to %s gives %d keys, and not %d", from, to, len(keys), len(expected))
	}
	for i, key := range expected {
		if string(keys[i]) != key {
			fail("a scan gives %q, and not %q", keys[i], key)
		}
		j.same(key, values[i])
	}
}

func (j *judge) same(key string, got []byte) {
	value, isThere := j.model[key]
	if isThere != (got != nil) || !bytes.Equal(got, []byte(value)) {
		fail("%s is %q, and not %q", key, got, value)
	}
}

func must(err error) {
	if err != nil {
		fail("%v", err)
	}
}

func fail(form string, values ...interface{}) {
	fmt.Printf("wrong: "+form+"\n", values...)
	os.Exit(1)
}

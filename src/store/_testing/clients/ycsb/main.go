// go-ycsb over its back ends for etcd and TiKV: its own command does not build with all the others.
// Arguments: load or run, the back end, the threads, and properties as NAME=VALUE. The last lines are
// its own summary, after the time that the whole took.
package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/magiconair/properties"
	_ "github.com/pingcap/go-ycsb/db/etcd"
	_ "github.com/pingcap/go-ycsb/db/tikv"
	"github.com/pingcap/go-ycsb/pkg/client"
	"github.com/pingcap/go-ycsb/pkg/measurement"
	"github.com/pingcap/go-ycsb/pkg/prop"
	_ "github.com/pingcap/go-ycsb/pkg/workload"
	"github.com/pingcap/go-ycsb/pkg/ycsb"
)

func must[T any](value T, err error) T {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return value
}

func main() {
	command, backEnd, threads := os.Args[1], os.Args[2], os.Args[3]
	p := properties.NewProperties()
	for _, one := range os.Args[4:] {
		name, value, _ := strings.Cut(one, "=")
		p.Set(name, value)
	}
	p.Set(prop.Command, command)
	p.Set(prop.ThreadCount, threads)
	p.Set(prop.DoTransactions, fmt.Sprint(command == "run"))
	p.Set(prop.TableName, prop.TableNameDefault)
	measurement.InitMeasure(p)
	workload := must(ycsb.GetWorkloadCreator("core").Create(p))
	db := must(ycsb.GetDBCreator(backEnd).Create(p))
	run := client.NewClient(p, workload, client.DbWrapper{DB: db})
	begun := time.Now()
	run.Run(context.Background())
	fmt.Printf("Whole: %f\n", time.Since(begun).Seconds())
	measurement.Output()
	db.Close()
	workload.Close()
}

// A judge of the store: the cluster that TiKV's people test their own client for Go with, behind a
// server of gRPC. It says where its PD is, and obeys lines: split KEY, move KEY STORE, leaderless KEY,
// stop STORE, start STORE.
package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/pingcap/kvproto/pkg/kvrpcpb"
	"github.com/pingcap/kvproto/pkg/metapb"
	"github.com/pingcap/kvproto/pkg/pdpb"
	"github.com/pingcap/kvproto/pkg/tikvpb"
	"github.com/tikv/client-go/v2/testutils"
	"github.com/tikv/client-go/v2/tikvrpc"
	pd "github.com/tikv/pd/client"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

const stores = 3
const cluster = 1
const version = "mocktikv of client-go 2.0.4"

func main() {
	client, mock, pdClient, err := testutils.NewMockTiKV("", nil)
	must(err)
	ids, _, _, _ := testutils.BootstrapWithMultiStores(mock, stores)
	for _, id := range ids {
		listener := listen()
		mock.UpdateStoreAddr(id, listener.Addr().String())
		server := grpc.NewServer()
		tikvpb.RegisterTikvServer(server, &store{client: client, address: listener.Addr().String()})
		go server.Serve(listener)
	}
	listener := listen()
	server := grpc.NewServer()
	address := listener.Addr().String()
	pdpb.RegisterPDServer(server, &driver{client: pdClient, mock: mock, address: address})
	go server.Serve(listener)
	fmt.Println(address)
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		obey(mock, ids, strings.Fields(lines.Text()))
		fmt.Println("done")
	}
}

func obey(mock *testutils.MockCluster, ids []uint64, words []string) {
	switch words[0] {
	case "split":
		region, leader, _ := mock.GetRegionByKey([]byte(words[1]))
		peers := mock.AllocIDs(len(region.Peers))
		led := peers[0]
		for i, peer := range region.Peers {
			if peer.Id == leader.GetId() {
				led = peers[i]
			}
		}
		mock.SplitRaw(region.Id, mock.AllocID(), []byte(words[1]), peers, led)
	case "move":
		region, _, _ := mock.GetRegionByKey([]byte(words[1]))
		for _, peer := range region.Peers {
			if peer.StoreId == ids[number(words[2])-1] {
				mock.ChangeLeader(region.Id, peer.Id)
			}
		}
	case "leaderless":
		region, _, _ := mock.GetRegionByKey([]byte(words[1]))
		mock.GiveUpLeader(region.Id)
	case "stop":
		mock.StopStore(ids[number(words[1])-1])
	case "start":
		mock.StartStore(ids[number(words[1])-1])
	default:
		panic("no command: " + words[0])
	}
}

type driver struct {
	pdpb.UnimplementedPDServer
	client  pd.Client
	mock    *testutils.MockCluster
	address string
}

func header() *pdpb.ResponseHeader {
	return &pdpb.ResponseHeader{ClusterId: cluster}
}

func (d *driver) GetMembers(context.Context, *pdpb.GetMembersRequest) (*pdpb.GetMembersResponse, error) {
	member := &pdpb.Member{Name: "mock", MemberId: 1, ClientUrls: []string{"http://" + d.address}}
	return &pdpb.GetMembersResponse{Header: header(), Members: []*pdpb.Member{member}, Leader: member}, nil
}

func region(found *pd.Region, err error) (*pdpb.GetRegionResponse, error) {
	if err != nil {
		return nil, err
	}
	if found == nil || found.Meta == nil {
		return &pdpb.GetRegionResponse{Header: header()}, nil
	}
	return &pdpb.GetRegionResponse{Header: header(), Region: found.Meta, Leader: found.Leader}, nil
}

func (d *driver) GetRegion(ctx context.Context, request *pdpb.GetRegionRequest) (*pdpb.GetRegionResponse, error) {
	return region(d.client.GetRegion(ctx, request.RegionKey))
}

func (d *driver) GetPrevRegion(ctx context.Context, request *pdpb.GetRegionRequest) (*pdpb.GetRegionResponse, error) {
	return region(d.client.GetPrevRegion(ctx, request.RegionKey))
}

func (d *driver) ScanRegions(ctx context.Context, request *pdpb.ScanRegionsRequest) (*pdpb.ScanRegionsResponse, error) {
	found, err := d.client.ScanRegions(ctx, request.StartKey, request.EndKey, int(request.Limit))
	if err != nil {
		return nil, err
	}
	answer := &pdpb.ScanRegionsResponse{Header: header()}
	for _, one := range found {
		answer.Regions = append(answer.Regions, &pdpb.Region{Region: one.Meta, Leader: one.Leader})
	}
	return answer, nil
}

func told(store *metapb.Store) *metapb.Store {
	return &metapb.Store{Id: store.Id, Address: store.Address, State: store.State, Version: version}
}

func (d *driver) GetStore(ctx context.Context, request *pdpb.GetStoreRequest) (*pdpb.GetStoreResponse, error) {
	store, err := d.client.GetStore(ctx, request.StoreId)
	if err != nil || store == nil {
		return &pdpb.GetStoreResponse{Header: header()}, err
	}
	return &pdpb.GetStoreResponse{Header: header(), Store: told(store)}, nil
}

func (d *driver) GetAllStores(context.Context, *pdpb.GetAllStoresRequest) (*pdpb.GetAllStoresResponse, error) {
	answer := &pdpb.GetAllStoresResponse{Header: header()}
	for _, store := range d.mock.GetAllStores() {
		answer.Stores = append(answer.Stores, told(store))
	}
	return answer, nil
}

type store struct {
	tikvpb.UnimplementedTikvServer
	client  *testutils.MockClient
	address string
}

func (s *store) send(ctx context.Context, kind tikvrpc.CmdType, request interface{}, its *kvrpcpb.Context) (interface{}, error) {
	answer, err := s.client.SendRequest(ctx, s.address, tikvrpc.NewRequest(kind, request, *its), time.Minute)
	if err != nil {
		// A store that was stopped: nothing listens there.
		return nil, status.Error(codes.Unavailable, err.Error())
	}
	return answer.Resp, nil
}

// BatchCommands has each of its commands done as if it had come by itself.
func (s *store) BatchCommands(stream tikvpb.Tikv_BatchCommandsServer) error {
	ctx := stream.Context()
	for {
		batch, err := stream.Recv()
		if err != nil {
			return err
		}
		answer := &tikvpb.BatchCommandsResponse{RequestIds: batch.RequestIds}
		for _, one := range batch.Requests {
			done, err := s.command(ctx, one)
			if err != nil {
				return err
			}
			answer.Responses = append(answer.Responses, done)
		}
		if err := stream.Send(answer); err != nil {
			return err
		}
	}
}

func (s *store) command(ctx context.Context, one *tikvpb.BatchCommandsRequest_Request) (*tikvpb.BatchCommandsResponse_Response, error) {
	done := &tikvpb.BatchCommandsResponse_Response{}
	switch r := one.Cmd.(type) {
	case *tikvpb.BatchCommandsRequest_Request_RawGet:
		answer, err := s.RawGet(ctx, r.RawGet)
		done.Cmd = &tikvpb.BatchCommandsResponse_Response_RawGet{RawGet: answer}
		return done, err
	case *tikvpb.BatchCommandsRequest_Request_RawPut:
		answer, err := s.RawPut(ctx, r.RawPut)
		done.Cmd = &tikvpb.BatchCommandsResponse_Response_RawPut{RawPut: answer}
		return done, err
	case *tikvpb.BatchCommandsRequest_Request_RawDelete:
		answer, err := s.RawDelete(ctx, r.RawDelete)
		done.Cmd = &tikvpb.BatchCommandsResponse_Response_RawDelete{RawDelete: answer}
		return done, err
	case *tikvpb.BatchCommandsRequest_Request_RawBatchPut:
		answer, err := s.RawBatchPut(ctx, r.RawBatchPut)
		done.Cmd = &tikvpb.BatchCommandsResponse_Response_RawBatchPut{RawBatchPut: answer}
		return done, err
	case *tikvpb.BatchCommandsRequest_Request_RawBatchDelete:
		answer, err := s.RawBatchDelete(ctx, r.RawBatchDelete)
		done.Cmd = &tikvpb.BatchCommandsResponse_Response_RawBatchDelete{RawBatchDelete: answer}
		return done, err
	case *tikvpb.BatchCommandsRequest_Request_RawScan:
		answer, err := s.RawScan(ctx, r.RawScan)
		done.Cmd = &tikvpb.BatchCommandsResponse_Response_RawScan{RawScan: answer}
		return done, err
	}
	return nil, status.Error(codes.Unimplemented, "no command of the store")
}

func (s *store) RawGet(ctx context.Context, r *kvrpcpb.RawGetRequest) (*kvrpcpb.RawGetResponse, error) {
	answer, err := s.send(ctx, tikvrpc.CmdRawGet, r, r.Context)
	if err != nil {
		return nil, err
	}
	return answer.(*kvrpcpb.RawGetResponse), nil
}

func (s *store) RawPut(ctx context.Context, r *kvrpcpb.RawPutRequest) (*kvrpcpb.RawPutResponse, error) {
	answer, err := s.send(ctx, tikvrpc.CmdRawPut, r, r.Context)
	if err != nil {
		return nil, err
	}
	return answer.(*kvrpcpb.RawPutResponse), nil
}

func (s *store) RawDelete(ctx context.Context, r *kvrpcpb.RawDeleteRequest) (*kvrpcpb.RawDeleteResponse, error) {
	answer, err := s.send(ctx, tikvrpc.CmdRawDelete, r, r.Context)
	if err != nil {
		return nil, err
	}
	return answer.(*kvrpcpb.RawDeleteResponse), nil
}

func (s *store) RawBatchPut(ctx context.Context, r *kvrpcpb.RawBatchPutRequest) (*kvrpcpb.RawBatchPutResponse, error) {
	answer, err := s.send(ctx, tikvrpc.CmdRawBatchPut, r, r.Context)
	if err != nil {
		return nil, err
	}
	return answer.(*kvrpcpb.RawBatchPutResponse), nil
}

func (s *store) RawBatchDelete(ctx context.Context, r *kvrpcpb.RawBatchDeleteRequest) (*kvrpcpb.RawBatchDeleteResponse, error) {
	answer, err := s.send(ctx, tikvrpc.CmdRawBatchDelete, r, r.Context)
	if err != nil {
		return nil, err
	}
	return answer.(*kvrpcpb.RawBatchDeleteResponse), nil
}

func (s *store) RawDeleteRange(ctx context.Context, r *kvrpcpb.RawDeleteRangeRequest) (*kvrpcpb.RawDeleteRangeResponse, error) {
	answer, err := s.send(ctx, tikvrpc.CmdRawDeleteRange, r, r.Context)
	if err != nil {
		return nil, err
	}
	return answer.(*kvrpcpb.RawDeleteRangeResponse), nil
}

func (s *store) RawScan(ctx context.Context, r *kvrpcpb.RawScanRequest) (*kvrpcpb.RawScanResponse, error) {
	answer, err := s.send(ctx, tikvrpc.CmdRawScan, r, r.Context)
	if err != nil {
		return nil, err
	}
	return answer.(*kvrpcpb.RawScanResponse), nil
}

func listen() net.Listener {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(err)
	return listener
}

func number(text string) int {
	number, err := strconv.Atoi(text)
	must(err)
	return number
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

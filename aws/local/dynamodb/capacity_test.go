package dynamodb

import (
	"maps"
	"strings"
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

func TestReadCapacity(t *testing.T) {
	t.Parallel()
	client := newClient(t, orderTable())
	put(t, client, "u", "1", attrs{"payload": text(strings.Repeat("x", 4096))}) // 4117 bytes with the keys
	put(t, client, "u", "2", nil)
	read := func(id string, consistent bool) float64 {
		out, err := client.GetItem(t.Context(), &sdk.GetItemInput{
			TableName: awssdk.String("order-table"), Key: orderKey("u", id), ConsistentRead: &consistent, ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal,
		})
		if err != nil {
			t.Fatal(err)
		}
		return *out.ConsumedCapacity.CapacityUnits
	}
	for _, c := range []struct {
		name, id   string
		consistent bool
		want       float64
	}{
		{"small", "2", false, 0.5},
		{"small and consistent", "2", true, 1},
		{"large", "1", false, 1},
		{"large and consistent", "1", true, 2},
		{"missing", "3", false, 0.5},
	} {
		if got := read(c.id, c.consistent); got != c.want {
			t.Errorf("%s: %v units, want %v", c.name, got, c.want)
		}
	}
	scan, err := client.Scan(t.Context(), &sdk.ScanInput{TableName: awssdk.String("order-table"), FilterExpression: awssdk.String("attribute_exists(nothing)"), ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal})
	if err != nil {
		t.Fatal(err)
	}
	if *scan.ConsumedCapacity.CapacityUnits != 1 || scan.Count != 0 {
		t.Errorf("a scan of 4.1 KB: %v units", *scan.ConsumedCapacity.CapacityUnits)
	}
}

func TestWriteCapacity(t *testing.T) {
	t.Parallel()
	client := newClient(t, orderTable())
	write := func(more attrs) *types.ConsumedCapacity {
		order := orderKey("u", "1")
		maps.Copy(order, more)
		out, err := client.PutItem(t.Context(), &sdk.PutItemInput{TableName: awssdk.String("order-table"), Item: order, ReturnConsumedCapacity: types.ReturnConsumedCapacityIndexes})
		if err != nil {
			t.Fatal(err)
		}
		return out.ConsumedCapacity
	}
	long := text(strings.Repeat("x", 2048))
	pending := attrs{"order_status": text("PENDING"), "created_at": text("1"), "payload": long}
	done := attrs{"order_status": text("SUCCESS"), "created_at": text("1")}
	for _, c := range []struct {
		name         string
		item         attrs
		table, index float64
	}{
		{"large, not in the index", attrs{"payload": long}, 3, 0},
		{"into the index, which leaves the payload out", pending, 3, 1},
		{"the same again", pending, 3, 0},
		{"smaller, and it moves in the index", done, 3, 2},
		{"out of the index", nil, 1, 1},
	} {
		got := write(c.item)
		index := 0.0
		if x, ok := got.GlobalSecondaryIndexes["by-status"]; ok {
			index = *x.CapacityUnits
		}
		if *got.Table.CapacityUnits != c.table || index != c.index || *got.CapacityUnits != c.table+c.index {
			t.Errorf("%s: table %v, index %v, total %v", c.name, *got.Table.CapacityUnits, index, *got.CapacityUnits)
		}
	}
}

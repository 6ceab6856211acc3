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
	for _, c := range []struct {
		name string
		more attrs
		mode types.ReturnConsumedCapacity
		want float64
	}{
		{"small", nil, types.ReturnConsumedCapacityTotal, 1},
		{"larger than before", attrs{"payload": text(strings.Repeat("x", 2048))}, types.ReturnConsumedCapacityIndexes, 3},
		{"smaller than before", nil, types.ReturnConsumedCapacityIndexes, 3},
	} {
		order := orderKey("u", "1")
		maps.Copy(order, c.more)
		out, err := client.PutItem(t.Context(), &sdk.PutItemInput{TableName: awssdk.String("order-table"), Item: order, ReturnConsumedCapacity: c.mode})
		if err != nil {
			t.Fatal(err)
		}
		got := out.ConsumedCapacity
		if *got.CapacityUnits != c.want || awssdk.ToString(got.TableName) != "order-table" {
			t.Errorf("%s: %v units of %s, want %v", c.name, *got.CapacityUnits, *got.TableName, c.want)
		}
		if c.mode == types.ReturnConsumedCapacityIndexes && (got.Table == nil || *got.Table.CapacityUnits != c.want) {
			t.Errorf("%s: the table's part is %v", c.name, got.Table)
		}
	}
}

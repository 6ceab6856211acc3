package dynamodb

import (
	"fmt"
	"strings"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"orderops/aws/local/identity"
)

func keysOf(n int) []attrs {
	var keys []attrs
	for i := range n {
		keys = append(keys, orderKey("u", fmt.Sprint(i)))
	}
	return keys
}

func TestBatchGet(t *testing.T) {
	t.Parallel()
	client := newClient(t, orderTable())
	put(t, client, "u", "0", attrs{"quantity": num("3")})
	put(t, client, "u", "2", attrs{"quantity": num("4")})
	out, err := client.BatchGetItem(t.Context(), &sdk.BatchGetItemInput{
		RequestItems: map[string]types.KeysAndAttributes{"order-table": {Keys: keysOf(100)}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := ids(out.Responses["order-table"]); got != "0 2" || len(out.Responses["order-table"][0]) != 3 {
		t.Errorf("items = %v", out.Responses["order-table"])
	}
	if len(out.UnprocessedKeys) != 0 {
		t.Errorf("unprocessed %v", out.UnprocessedKeys)
	}
}

func TestBatchGetsThatAreRefused(t *testing.T) {
	t.Parallel()
	client := newClient(t, orderTable())
	for _, c := range []struct {
		name, table string
		keys        []attrs
		code, want  string
	}{
		{"too many", "order-table", keysOf(101), "ValidationException", "Too many items requested for the BatchGetItem call"},
		{"twice", "order-table", append(keysOf(2), keysOf(1)...), "ValidationException", "Provided list of item keys contains duplicates"},
		{"wrong key", "order-table", []attrs{{"id": text("1")}}, "ValidationException", "The provided key element does not match the schema"},
		{"no such table", "nope", keysOf(1), "ResourceNotFoundException", "Requested resource not found"},
	} {
		_, err := client.BatchGetItem(t.Context(), &sdk.BatchGetItemInput{RequestItems: map[string]types.KeysAndAttributes{c.table: {Keys: c.keys}}})
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			wantError(t, err, c.code, c.want)
		})
	}
}

func TestBatchGetLeavesWhatIsTooMuch(t *testing.T) {
	t.Parallel()
	service := New(identity.New("000000000000", "us-east-1", "http://local", 1))
	if err := createTable(service, orderTable()); err != nil {
		t.Fatal(err)
	}
	client, large := clientOf(service), decode(t, `{"S":"`+strings.Repeat("x", 399<<10)+`"}`)
	for n := range 45 { // past the client, which is slow to send so much
		id := fmt.Sprint(n)
		service.tables["order-table"].put(item{
			"user_id": {kind: "S", content: "u", bytes: 1}, "id": {kind: "S", content: id, bytes: len(id)}, "payload": large,
		})
	}
	want := map[string]types.KeysAndAttributes{"order-table": {Keys: keysOf(45)}}
	var counts []int
	seen := map[string]bool{}
	for len(want) > 0 {
		out, err := client.BatchGetItem(t.Context(), &sdk.BatchGetItemInput{RequestItems: want})
		if err != nil {
			t.Fatal(err)
		}
		counts = append(counts, len(out.Responses["order-table"]))
		for id := range strings.FieldsSeq(ids(out.Responses["order-table"])) {
			seen[id] = true
		}
		want = out.UnprocessedKeys
	}
	if fmt.Sprint(counts) != "[41 4]" || len(seen) != 45 {
		t.Errorf("answers of %v items, %d different", counts, len(seen))
	}
}

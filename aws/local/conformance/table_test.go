package conformance

import (
	"encoding/base64"
	"net/http"
	"strings"
)

// tableScope is the scope of DynamoDB.
func (l *library) tableScope(r *recording) string {
	for _, rule := range []struct{ part, reason string }{
		{"execute_statement", "PartiQL"},
		{"partiql", "PartiQL"},
		{"transact", "transactions of DynamoDB"},
		{"idempotent", "transactions of DynamoDB"},
		{"kinesis", "streaming to Kinesis"},
		{"stream", "DynamoDB Streams"},
		{"local_secondary_index", "local secondary indexes"},
		{"sse", "UpdateTable"},
		{"warm_throughput", "UpdateTable"},
		{"table_crud", "provisioned throughput"},
		{"pay_per_request", "provisioned throughput"},
	} {
		if strings.Contains(r.name(), rule.part) {
			return rule.reason
		}
	}
	if r.name() == "test_batch_write_items" && !l.has("BatchWriteItem") {
		return "BatchWriteItem"
	}
	return ""
}

// has says whether the local DynamoDB has an operation.
func (l *library) has(operation string) bool {
	request, err := http.NewRequestWithContext(l.t.Context(), http.MethodPost, l.cloud.URL(), strings.NewReader("{}"))
	if err != nil {
		l.t.Fatal(err)
	}
	request.Header.Set("X-Amz-Target", "DynamoDB_20120810."+operation)
	response, err := l.cloud.HTTPClient().Do(request)
	if err != nil {
		l.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }() // it is in memory
	var answer struct {
		Type string `json:"__type"`
	}
	decodeFrom(l.t, operation, response.Body, &answer)
	return !strings.HasSuffix(answer.Type, "#UnknownOperationException")
}

// tableScripts replay DynamoDB.
func tableScripts() map[string]script {
	return map[string]script{
		"test_create_duplicate_table":    createTableTwice,
		"test_return_values_in_put_item": putItems,
		"test_empty_and_binary_values":   putUnusualValues,
		"test_batch_write_items":         writeBatch,
		"test_data_encoding_consistency": keepBytes,
	}
}

// tableRequest asks for the table "table", whose key is id.
func tableRequest() members {
	return members{
		"TableName": "table", "BillingMode": "PAY_PER_REQUEST",
		"KeySchema":            []any{members{"AttributeName": "id", "KeyType": "HASH"}},
		"AttributeDefinitions": []any{members{"AttributeName": "id", "AttributeType": "S"}},
	}
}

func (s *session) table() {
	s.t.Helper()
	s.must("dynamodb", "CreateTable", tableRequest())
}

func createTableTwice(s *session) {
	s.table()
	s.meet("<test-table>", "table")
	s.expect("Error", s.call("dynamodb", "CreateTable", tableRequest()))
}

// item is an item with a text.
func item(id, data string) members {
	return members{"id": members{"S": id}, "data": members{"S": data}}
}

func putItems(s *session) {
	s.table()
	for _, test := range []struct {
		key    string
		item   members
		values string
	}{
		{"PutFirstItem", item("id1", "foobar"), "ALL_OLD"},
		{"PutFirstItemOLD", item("id1", "foobar"), "ALL_OLD"},
		{"PutFirstItemB", item("id1", "barfoo"), "ALL_OLD"},
		{"PutSecondItem", item("id2", "foobar"), "ALL_OLD"},
		{"PutSecondItemReturnNone", item("id2", "foobar"), "NONE"},
	} {
		s.expect(test.key, s.call("dynamodb", "PutItem", members{"TableName": "table", "Item": test.item, "ReturnValues": test.values}))
	}
}

func putUnusualValues(s *session) {
	s.table()
	s.expect("PutFirstItem", s.call("dynamodb", "PutItem", members{"TableName": "table", "Item": item("id1", "")}))
	s.expect("PutSecondItem", s.call("dynamodb", "PutItem", members{"TableName": "table", "Item": members{
		"id": members{"S": "id2"}, "data": members{"B": base64.StdEncoding.EncodeToString([]byte{0x90})},
	}}))
}

func writeBatch(s *session) {
	s.table()
	s.must("dynamodb", "PutItem", members{"TableName": "table", "Item": item("id1", "foobar")})
	s.expect("BatchWriteResponse", s.call("dynamodb", "BatchWriteItem", members{"RequestItems": members{"table": []any{
		members{"DeleteRequest": members{"Key": members{"id": members{"S": "id1"}}}},
		members{"PutRequest": members{"Item": item("id2", "foobar")}},
	}}}))
}

// keepBytes tells binary values as Python writes bytes, as the recording does.
func keepBytes(s *session) {
	s.table()
	value := base64.StdEncoding.EncodeToString([]byte{0x90})
	stored := func(key string) {
		got, _ := s.must("dynamodb", "GetItem", members{"TableName": "table", "Key": members{"id": members{"S": "id1"}}})["Item"].(members)
		if data, _ := got["data"].(members); data["B"] == value {
			data["B"] = `b'\x90'`
		}
		s.expectValue(key, got)
	}
	s.must("dynamodb", "PutItem", members{"TableName": "table", "Item": members{
		"id": members{"S": "id1"}, "version": members{"N": "1"}, "data": members{"B": value},
	}})
	stored("GetItem")
	s.leave("GetRecords")
	s.must("dynamodb", "UpdateItem", members{
		"TableName": "table", "Key": members{"id": members{"S": "id1"}},
		"UpdateExpression": "SET version=:v", "ExpressionAttributeValues": members{":v": members{"N": "2"}},
	})
	stored("GetItemAfterUpdate")
	s.leave("GetRecordsAfterUpdate")
}

package dynamodb

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"orderops/aws/local/identity"
)

// FuzzRequest wants an answer or a refusal of any request, never a panic or a
// failure of the service.
func FuzzRequest(f *testing.F) {
	const index = `"GlobalSecondaryIndexes":[{"IndexName":"i","KeySchema":[{"AttributeName":"d","KeyType":"HASH"}],"Projection":{"ProjectionType":"KEYS_ONLY"}}]}`
	withIndex := strings.Replace(tableOf("t", "a", "b:N"), `"GlobalSecondaryIndexes":null}`, index, 1)
	withIndex = strings.Replace(withIndex, `"AttributeDefinitions":[`, `"AttributeDefinitions":[{"AttributeName":"d","AttributeType":"S"},`, 1)
	for _, seed := range []struct{ operation, body string }{
		{"CreateTable", withIndex},
		{"PutItem", `{"TableName":"ttt","Item":{"a":{"S":"x"},"b":{"N":"1"},"d":{"S":"y"}},"ReturnValues":"ALL_OLD"}`},
		{"UpdateItem", `{"TableName":"ttt","Key":{"a":{"S":"x"},"b":{"N":"1"}},"UpdateExpression":"SET d = :d REMOVE c","ExpressionAttributeValues":{":d":{"S":"z"}}}`},
		{"Query", `{"TableName":"ttt","IndexName":"i","KeyConditionExpression":"d = :d","ExpressionAttributeValues":{":d":{"S":"y"}},"Limit":1,"ExclusiveStartKey":{"a":{"S":"x"},"b":{"N":"1"},"d":{"S":"y"}}}`},
		{"Scan", `{"TableName":"ttt","Select":"COUNT","Limit":1}`},
		{"BatchGetItem", `{"RequestItems":{"ttt":{"Keys":[{"a":{"S":"x"},"b":{"N":"1"}}]}}}`},
		{"GetItem", `{"TableName":"ttt","Key":null}`},
		{"DescribeTable", `[]`},
	} {
		f.Add(seed.operation, seed.body)
	}
	f.Fuzz(func(t *testing.T, operation, body string) {
		service := New(identity.New("000000000000", "us-east-1", "http://local", 1))
		if err := createTable(service, strings.Replace(withIndex, `"t"`, `"ttt"`, 1)); err != nil {
			t.Fatal(err)
		}
		service.tables["ttt"].put(item{
			"a": {kind: "S", content: "x", bytes: 1}, "b": {kind: "N", content: "1", bytes: 2}, "d": {kind: "S", content: "y", bytes: 1},
		})
		for _, name := range slices.Concat([]string{operation}, slices.Sorted(maps.Keys(service.Operations))) {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader(body))
			r.Header.Set("X-Amz-Target", "DynamoDB_20120810."+name)
			w := httptest.NewRecorder()
			service.ServeHTTP(w, r)
			if w.Code != http.StatusOK && w.Code != http.StatusBadRequest {
				t.Fatalf("%s of %q: %d %s", name, body, w.Code, w.Body)
			}
		}
	})
}

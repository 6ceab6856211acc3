package dynamodb

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"orderops/aws/local/wire"
)

type nameRequest struct{ TableName string }

// object is an answer, or a part of one, that has no members to read.
type object map[string]any

func (s *Service) createTable(in *schema) (*object, error) {
	views, err := in.views()
	if err := cmp.Or(in.check(), err); err != nil {
		return nil, err
	}
	if s.tables[in.TableName] != nil {
		return nil, failed("ResourceInUseException", "Table already exists: "+in.TableName)
	}
	t := &table{
		schema: *in, views: views, created: wire.Time{Time: time.Now()},
		arn: s.id.ARN("dynamodb", "table/"+in.TableName), id: s.id.UUID(),
	}
	s.tables[in.TableName] = t
	return &object{"TableDescription": t.describe("CREATING")}, nil
}

// describe tells the table's state; counts are of now, where AWS counts only
// every six hours.
func (t *table) describe(status string) object {
	d := object{
		"TableName": t.TableName, "TableArn": t.arn, "TableId": t.id, "TableStatus": status,
		"ItemCount": len(t.items), "TableSizeBytes": t.bytes, "DeletionProtectionEnabled": false,
		"ProvisionedThroughput": cmp.Or(t.ProvisionedThroughput, &throughput{}),
	}
	if status == "DELETING" { // of which AWS tells no more
		return d
	}
	d["CreationDateTime"], d["AttributeDefinitions"], d["KeySchema"] = t.created, t.AttributeDefinitions, t.KeySchema
	if t.ProvisionedThroughput == nil {
		d["BillingModeSummary"] = object{"BillingMode": t.BillingMode, "LastUpdateToPayPerRequestDateTime": t.created}
	}
	if status == "ACTIVE" {
		d["WarmThroughput"] = t.warm()
	}
	var indexes []object
	for n, index := range t.GlobalSecondaryIndexes {
		items, bytes := t.in(t.views[n+1]), 0
		for _, i := range items {
			bytes += i.size()
		}
		indexes = append(indexes, object{
			"IndexName": index.IndexName, "IndexArn": t.arn + "/index/" + index.IndexName, "IndexStatus": status,
			"KeySchema": index.KeySchema, "Projection": index.Projection,
			"ItemCount": len(items), "IndexSizeBytes": bytes, "ProvisionedThroughput": throughput{},
		})
	}
	if indexes != nil {
		d["GlobalSecondaryIndexes"] = indexes
	}
	return d
}

// warm is what the table bears at once: what it is provided with, or what AWS
// gives a new on-demand table.
func (t *table) warm() object {
	units := cmp.Or(t.ProvisionedThroughput, &throughput{ReadCapacityUnits: 12_000, WriteCapacityUnits: 4_000})
	return object{"ReadUnitsPerSecond": units.ReadCapacityUnits, "WriteUnitsPerSecond": units.WriteCapacityUnits, "Status": "ACTIVE"}
}

// named finds a table, and names it when it is missing.
func (s *Service) named(in *nameRequest) (*table, error) {
	t, err := s.find(in.TableName)
	if err != nil {
		err = failed("ResourceNotFoundException", "Requested resource not found: Table: "+in.TableName+" not found")
	}
	return t, err
}

func (s *Service) describeTable(in *nameRequest) (*object, error) {
	t, err := s.named(in)
	if err != nil {
		return nil, err
	}
	return &object{"Table": t.describe("ACTIVE")}, nil
}

func (s *Service) deleteTable(in *nameRequest) (*object, error) {
	t, err := s.named(in)
	if err != nil {
		return nil, err
	}
	delete(s.tables, t.TableName)
	return &object{"TableDescription": t.describe("DELETING")}, nil
}

// listTables tells all names at once, where AWS makes pages of a hundred.
func (s *Service) listTables(*struct{}) (*object, error) {
	return &object{"TableNames": append([]string{}, slices.Sorted(maps.Keys(s.tables))...)}, nil
}

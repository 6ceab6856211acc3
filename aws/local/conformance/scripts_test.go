package conformance

// script replays the requests of one test of AWS.
type script func(*session)

// scripts are the scripts by file and test. Executions need none: they follow
// from their history.
func scripts() map[string]script {
	all := map[string]script{}
	for file, tests := range map[string]map[string]script{
		"dynamodb/test_dynamodb":                                   tableScripts(),
		"lambda_/event_source_mapping/test_lambda_integration_sqs": sourceScripts(),
		"sqs/test_sqs":                  queueScripts(),
		"sqs/test_sqs_move_task":        moveScripts(),
		"stepfunctions/v2/test_sfn_api": controlScripts(),
	} {
		for test, s := range tests {
			all[file+" "+test] = s
		}
	}
	return all
}

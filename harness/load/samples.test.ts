import { expect } from 'chai';
import { collectSamples } from './samples.ts';

// As k6 1.8.1 wrote them (`--out csv`, unix_micro), shortened.
const recorded = `metric_name,timestamp,metric_value,scenario,extra_tags,metadata
vus,1795336475564151,0.000000,,,
grpc_req_duration,1795336476000000,9.000000,warmup,,
grpc_req_duration,1795336480001500,1.500000,gateway_0,,
iteration_duration,1795336480001600,1.600000,gateway_0,,
iterations,1795336480001600,1.000000,gateway_0,,
grpc_req_duration,1795336478000500,0.500000,direct_0,,
iterations,1795336478000600,1.000000,direct_0,,
data_sent,1795336478000600,87.000000,direct_0,,
dropped_iterations,1795336478500000,2.000000,direct_0,,
routeproof_failed_calls,1795336478100000,1.000000,direct_0,"reason=dial ""x"", refused",
iterations,1795336478100000,1.000000,direct_0,,`.split('\n');

describe('k6 samples', () => {
  it('are grouped by block, in order of time, without the warm-up', async () => {
    const blocks = await collectSamples(recorded);
    expect(blocks.map(({ side, index }) => `${side} ${index}`)).to.deep.equal(['direct 0', 'gateway 0']);
    expect(blocks[0]).to.deep.equal({
      side: 'direct',
      case: '',
      index: 0,
      firstMs: 1795336478000.5,
      lastMs: 1795336478500,
      latencies: [[1795336478000.5, 0.5]],
      requests: 2,
      messages: 0,
      streamRates: [],
      failures: ['dial "x", refused'],
      droppedIterations: 2,
    });
  });

  it('tell cases of one side apart, and carry what scripts of streams count', async () => {
    const lines = [
      'routeproof_latency,1795336480001500,1.500000,floor_bidi-stream_0,,',
      'routeproof_messages,1795336480001500,50.000000,floor_bidi-stream_0,,',
      'routeproof_stream_rate,1795336480001500,812.500000,floor_bidi-stream_0,,',
      'grpc_req_duration,1795336480101500,0.500000,floor_1024_3,,',
    ];
    const blocks = await collectSamples(lines);
    expect(blocks.map(({ side, case: of, index }) => [side, of, index])).to.deep.equal([
      ['floor', 'bidi-stream', 0],
      ['floor', '1024', 3],
    ]);
    expect(blocks[0]).to.deep.include({ messages: 50, streamRates: [812.5] });
    expect(blocks[0]?.latencies).to.have.length(1);
    const both = [`grpc_req_duration,1795336480001400,0.400000,floor_bidi-stream_0,,`, ...lines];
    expect((await collectSamples(both))[0]?.latencies).to.deep.equal([[1795336480001.5, 1.5]]);
  });

  it('of an empty file are none', async () => {
    expect(await collectSamples([])).to.deep.equal([]);
  });
});

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseConfig } from '../../infra/config/parse.ts';
import { transferEstimate, type TransferEstimate } from '../../infra/cost.ts';
import { given } from './config/given.ts';

function estimate(settings: Record<string, string>): TransferEstimate | null {
  return transferEstimate(parseConfig(given(settings), 'dev'));
}

/** Both legs and the sum, in US dollars. */
function usd(settings: Record<string, string>): readonly (number | undefined)[] {
  const figures = estimate(settings);
  return [figures?.sourceToStaging.usd, figures?.stagingToWarehouse.usd, figures?.totalUsd];
}

describe('what the transfer costs a month', () => {
  it('a thousand GB from Seoul to the US, at list prices', () => {
    assert.deepEqual(estimate({ monthlyGigabytes: '1000' }), {
      sourceToStaging: {
        from: 's3 ap-northeast-2',
        to: 'gcs asia-northeast3',
        gigabytes: 1000,
        usd: 126,
        price:
          '0.126 US dollars a GB, less from 10 TB on (list price: AWS Price List, AWSDataTransfer, October 2026)',
      },
      stagingToWarehouse: {
        from: 'gcs asia-northeast3',
        to: 'bigquery US',
        gigabytes: 1000,
        usd: 80,
        price:
          '0.08 US dollars a GB (list price: cloud.google.com/storage/pricing, "Data transfer within Google Cloud"; check it)',
      },
      totalUsd: 206,
      assumptions: [
        'Each source object leaves AWS once, and each staged part is loaded once; replays and reloads come on top.',
        'Staging holds as many bytes as the source; set logferry:monthlyStagedGigabytes where one of them is not compressed.',
        "The loader reads staging for the row check from outside Google Cloud: that is Google's price to the internet besides, about 0.12 to 0.15 US dollars a GB, and not in it.",
        'Nothing is taken off for the 100 GB a month that AWS gives each account, or for any discount.',
        'Storage, requests, queries, NAT gateways and the cluster are not in it.',
      ],
    });
  });

  it('of a cluster in Google Cloud the loader reads staging for nothing', () => {
    for (const cluster of [
      { cluster: 'gke-autopilot', clusterIssuer: '' },
      { clusterIssuer: 'https://container.googleapis.com/v1/projects/p/locations/l/clusters/c' },
    ])
      assert.equal(estimate({ monthlyGigabytes: '1', ...cluster })?.assumptions.length, 4);
  });

  it('no volume, no estimate', () => assert.equal(estimate({}), null));

  it('each tier of S3 has its price', () => {
    const at = (gigabytes: number): number | undefined => usd({ monthlyGigabytes: String(gigabytes) })[0];
    assert.deepEqual(
      [1, 10_240, 10_241, 51_200, 51_300, 153_600, 153_700].map(at),
      [0.13, 1290.24, 1290.36, 6287.36, 6299.06, 18_268.16, 18_278.96],
    );
  });

  it('a warehouse beside staging costs no second leg', () => {
    assert.deepEqual(usd({ monthlyGigabytes: '100', warehouseLocation: 'asia-northeast3' }), [12.6, 0, 12.6]);
  });

  it('your own prices, and staging that is larger than the source', () => {
    const settings = {
      monthlyGigabytes: '100',
      monthlyStagedGigabytes: '700',
      sourceEgressUsdPerGb: '0.05',
      stagingEgressUsdPerGb: '0.021',
      awsRegion: 'eu-west-1',
      warehouseLocation: 'EU',
    };
    assert.deepEqual(usd(settings), [5, 14.7, 19.7]);
    assert.equal(estimate(settings)?.stagingToWarehouse.price, '0.021 US dollars a GB (yours)');
    assert.equal(
      estimate(settings)?.assumptions[1],
      'Staging holds the 700 GB of logferry:monthlyStagedGigabytes.',
    );
  });

  it('the sum is that of the legs, in cents, and more logs never cost less', () => {
    const gigabytes = fc.integer({ min: 1, max: 1_000_000 });
    fc.assert(
      fc.property(gigabytes, gigabytes, (one, other) => {
        const [less, more] = [Math.min(one, other), Math.max(one, other)].map((each) =>
          usd({ monthlyGigabytes: String(each) }).map((figure) => Math.round(figure! * 100)),
        );
        assert.equal(less![2], less![0]! + less![1]!);
        assert.ok(more!.every((figure, index) => figure >= less![index]!));
      }),
      { numRuns: 200 },
    );
  });

  it('a price that nobody knows is an error, not 0', () => {
    const { cost, cluster, aws, gcp } = parseConfig(given({ monthlyGigabytes: '1' }), 'dev');
    assert.throws(() => transferEstimate({ cost, cluster, aws: { region: 'eu-west-1' }, gcp }), {
      message: 'estimating transfer: no price from eu-west-1 to asia-northeast3 is known, and none was set',
    });
    assert.throws(
      () => transferEstimate({ cost, cluster, aws, gcp: { ...gcp, warehouse: { location: 'EU' } } }),
      {
        message: 'estimating transfer: no price from asia-northeast3 to EU is known, and none was set',
      },
    );
  });
});

// The KMS client keys that Microsoft publishes: each names an edition to Setup and makes Windows look for a KMS host; none
// of them activates anything. Source: MicrosoftDocs/windowsserverdocs get-started/kms-client-activation-keys.md.

type Keys = Readonly<Record<string, string>>;

/** Editions of Windows 10 and 11 share their keys. */
const CLIENT: Keys = {
  Professional: 'W269N-WFGWX-YVC9B-4J6C9-T83GX',
  ProfessionalN: 'MH37W-N47XK-V7XM9-C7227-GCQG9',
  ProfessionalWorkstation: 'NRG8B-VKK3Q-CXVCJ-9G2XF-6Q84J',
  Education: 'NW6C2-QMPVW-D7KKK-3GKT6-VCFB2',
  Enterprise: 'NPPR9-FWDCX-D2C8J-H872K-2YT43',
  EnterpriseN: 'DPH2V-TTNVB-4X9Q3-TJR4H-KHJW4',
  // LTSC 2019, 2021 and 2024.
  EnterpriseS: 'M7XTQ-FN8P6-TTKYV-9D4CC-J462D',
  IoTEnterpriseS: 'KBN8V-HFGQ4-MGXVD-347P6-PDQGT',
};

/** Product of the catalogue → edition (EDITIONID of the install.wim) → key. */
const KEYS: Readonly<Record<string, Keys>> = {
  '2008r2': {
    ServerStandard: 'YC6KT-GKW9T-YTKYR-T4X34-R7VHC',
    ServerEnterprise: '489J6-VHDMP-X63PK-3K798-CPX3Y',
    ServerDatacenter: '74YFP-3QFB3-KQT8W-PMXWJ-7M648',
    ServerWeb: '6TPJF-RBVHG-WBW2R-86QPH-6RTM4',
  },
  '2012': {
    ServerStandard: 'XC9B7-NBPP2-83J2H-RHMBY-92BT4',
    ServerDatacenter: '48HP8-DN98B-MYWDG-T2DCC-8W83P',
  },
  '2012r2': {
    ServerStandard: 'D2N9P-3P6X9-2R39C-7RTCD-MDVJX',
    ServerDatacenter: 'W3GGN-FT8W3-Y4M27-J84CP-Q3VJ9',
  },
  '2016': {
    ServerStandard: 'WC2BQ-8NRM3-FDDYY-2BFGV-KHKQY',
    ServerDatacenter: 'CB7KF-BWN84-R7R2Y-793K2-8XDDG',
  },
  '2019': {
    ServerStandard: 'N69G4-B89J2-4G8F4-WWYCC-J464C',
    ServerDatacenter: 'WMDGN-G9PQG-XVVXX-R3X43-63DFG',
  },
  '2022': {
    ServerStandard: 'VDYBN-27WPP-V4HQT-9VMD4-VMK7H',
    ServerDatacenter: 'WX4NM-KYWYW-QJJR4-XV3QB-6VM33',
  },
  '2025': {
    ServerStandard: 'TVRH6-WHNXV-R9WG3-9XRFY-MY832',
    ServerDatacenter: 'D764K-2NDRG-47T6Q-P8T8W-YP6DF',
  },
  '7': {
    Professional: 'FJ82H-XT6CR-J8D7P-XQJJ2-GPDD4',
    Enterprise: '33PXH-7Y6KF-2VJC9-XBBR8-HVTHH',
  },
  '8.1': {
    Professional: 'GCRJD-8NW9H-F2CDX-CCM8D-9D6T9',
    Enterprise: 'MHF9N-XY6XB-WVXMC-BTDCT-MKKG7',
  },
  '10': CLIENT,
  '11': CLIENT,
};

/** The published client key of an edition; null when there is none, as for evaluation editions. Case means nothing. */
export function clientKey(product: string, edition: string): string | null {
  const found = Object.entries(KEYS[product] ?? {}).find(
    ([name]) => name.toLowerCase() === edition.toLowerCase(),
  );
  return found?.[1] ?? null;
}
